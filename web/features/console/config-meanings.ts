/** What settings mean, in Korean, for those that the course and daily work touch; the broker tells the rest in English. */
const meanings: Readonly<Record<string, string>> = {
  'cleanup.policy':
    '오래된 세그먼트를 어떻게 할지. delete는 기간과 크기로 지우고, compact는 키마다 마지막 레코드만 남겨요.',
  'compression.type': '배치를 어떤 압축으로 저장할지. producer는 프로듀서가 보낸 그대로 두어요.',
  'delete.retention.ms': '압축 정리 뒤에도 툼스톤을 남겨 두는 시간이에요.',
  'file.delete.delay.ms': '지우기로 한 파일을 디스크에서 없애기까지 기다리는 시간이에요.',
  'flush.messages': '이만큼 쌓이면 디스크에 강제로 써요. 보통은 복제에 맡기고 그대로 둬요.',
  'flush.ms': '이 시간이 지나면 디스크에 강제로 써요.',
  'follower.replication.throttled.replicas':
    '받는 쪽에서 복제 속도를 제한할 레플리카. 파티션:브로커를 쉼표로 이어요.',
  'leader.replication.throttled.replicas':
    '보내는 쪽에서 복제 속도를 제한할 레플리카. 파티션:브로커를 쉼표로 이어요.',
  'follower.replication.throttled.rate': '이 브로커가 팔로워로서 받는 복제의 초당 바이트 한도예요.',
  'leader.replication.throttled.rate': '이 브로커가 리더로서 보내는 복제의 초당 바이트 한도예요.',
  'index.interval.bytes': '인덱스 항목 사이의 로그 바이트 수예요.',
  'max.compaction.lag.ms': '레코드가 압축 정리되지 않고 남아 있을 수 있는 가장 긴 시간이에요.',
  'max.message.bytes': '받아들이는 배치의 최대 크기예요.',
  'message.timestamp.type':
    '타임스탬프를 프로듀서의 시각으로 할지(CreateTime), 브로커가 받은 시각으로 할지(LogAppendTime) 정해요.',
  'min.cleanable.dirty.ratio': '정리되지 않은 부분이 이 비율을 넘으면 압축 정리를 시작해요.',
  'min.compaction.lag.ms': '레코드가 이 시간 동안은 압축 정리되지 않아요.',
  'min.insync.replicas': 'acks=all 쓰기를 받아들이는 데 필요한 ISR의 수예요. 모자라면 쓰기를 거절해요.',
  preallocate: '새 세그먼트 파일의 자리를 미리 잡아 둘지 정해요.',
  'retention.bytes': '파티션마다 남겨 둘 크기. 넘으면 오래된 세그먼트부터 지워요. -1은 제한 없음이에요.',
  'retention.ms':
    '레코드를 남겨 둘 시간. 세그먼트의 마지막 레코드가 이보다 오래되면 세그먼트째 지워요. -1은 제한 없음이에요.',
  'segment.bytes': '세그먼트 파일 하나의 최대 크기예요. 차면 새 세그먼트를 시작해요.',
  'segment.index.bytes': '인덱스 파일의 최대 크기예요.',
  'segment.jitter.ms': '세그먼트가 한꺼번에 바뀌지 않게 시간을 흩뜨리는 정도예요.',
  'segment.ms': '크기가 차지 않아도 이 시간이 지나면 새 세그먼트를 시작해요.',
  'unclean.leader.election.enable':
    'ISR 밖의 레플리카도 리더가 될 수 있게 할지. 켜면 레코드를 잃을 수 있어요.',
  'auto.create.topics.enable': '없는 토픽을 누가 쓰려고 하면 기본값으로 만들지 정해요.',
  'default.replication.factor': '정하지 않고 만든 토픽의 복제 계수예요.',
  'log.retention.hours': '토픽이 따로 정하지 않았을 때 레코드를 남겨 둘 시간이에요.',
  'num.partitions': '정하지 않고 만든 토픽의 파티션 수예요.',
  'broker.rack': '이 브로커가 있는 곳. 레플리카를 서로 다른 곳에 나눠 놓는 데 써요.',
};

export function koreanMeaning(name: string): string | undefined {
  return meanings[name];
}
