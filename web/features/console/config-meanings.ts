/** What settings mean, in Korean: each that the course and daily work touch, the others by the part of Kafka they belong to. */
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
  'compression.gzip.level': '브로커가 배치를 gzip으로 다시 압축할 때의 수준이에요.',
  'compression.lz4.level': '브로커가 배치를 lz4로 다시 압축할 때의 수준이에요.',
  'compression.zstd.level': '브로커가 배치를 zstd로 다시 압축할 때의 수준이에요.',
  'message.timestamp.after.max.ms':
    '레코드의 시각이 브로커의 시각보다 앞설 수 있는 최대 차이예요. 넘으면 거절해요.',
  'message.timestamp.before.max.ms':
    '레코드의 시각이 브로커의 시각보다 뒤질 수 있는 최대 차이예요. 넘으면 거절해요.',
  'log.message.timestamp.after.max.ms':
    '레코드의 시각이 브로커의 시각보다 앞설 수 있는 최대 차이예요. 넘으면 거절해요.',
  'log.message.timestamp.before.max.ms':
    '레코드의 시각이 브로커의 시각보다 뒤질 수 있는 최대 차이예요. 넘으면 거절해요.',
  'log.message.timestamp.type':
    '타임스탬프를 프로듀서의 시각으로 할지(CreateTime), 브로커가 받은 시각으로 할지(LogAppendTime) 정해요.',
  'offsets.topic.num.partitions': '__consumer_offsets의 파티션 수예요. 한번 만들어진 뒤에는 바꾸면 안 돼요.',
  'offsets.topic.replication.factor': '__consumer_offsets의 복제 계수예요.',
  'offsets.retention.minutes': '멤버가 없는 컨슈머 그룹의 오프셋을 남겨 두는 시간(분)이에요.',
  'transaction.state.log.num.partitions':
    '__transaction_state의 파티션 수예요. 한번 만들어진 뒤에는 바꾸면 안 돼요.',
  'transaction.state.log.replication.factor': '__transaction_state의 복제 계수예요.',
  'transaction.state.log.min.isr': '__transaction_state의 min.insync.replicas예요.',
  'transaction.max.timeout.ms': '트랜잭션 프로듀서가 요청할 수 있는 가장 긴 제한 시간이에요.',
  'transactional.id.expiration.ms': '쓰이지 않는 트랜잭션 ID를 코디네이터가 기억하는 시간이에요.',
  'producer.id.expiration.ms': '더 쓰지 않는 프로듀서를 파티션이 기억하는 시간이에요.',
  'message.max.bytes': '받아들이는 배치의 최대 크기예요.',
  'num.replica.fetchers': '다른 브로커 하나를 따라가는 페처(fetcher)의 수예요.',
  'num.network.threads': '요청을 읽고 응답을 쓰는 스레드의 수예요.',
  'num.io.threads': '요청을 처리하는 스레드의 수예요.',
  'group.consumer.assignors': '컨슈머 프로토콜의 그룹에서 파티션을 나누는 방법. 맨 앞이 기본이에요.',
  'group.consumer.heartbeat.interval.ms': '컨슈머 프로토콜의 멤버가 하트비트를 보내는 간격이에요.',
  'group.consumer.session.timeout.ms':
    '컨슈머 프로토콜의 멤버가 이 시간 동안 하트비트를 보내지 않으면 그룹에서 빠져요.',
  'group.max.session.timeout.ms': '클래식 멤버가 요청할 수 있는 가장 긴 세션 시간이에요.',
  'group.min.session.timeout.ms': '클래식 멤버가 요청할 수 있는 가장 짧은 세션 시간이에요.',
  'group.initial.rebalance.delay.ms': '새 클래식 그룹이 첫 할당 전에 멤버를 더 기다리는 시간이에요.',
  'group.max.size': '클래식 그룹에 들어올 수 있는 멤버의 최대 수예요.',
  'connections.max.idle.ms': '이 시간 동안 오가는 것이 없는 연결은 끊어요.',
  'broker.session.timeout.ms': '브로커가 이 시간 동안 하트비트를 보내지 않으면 리더와 ISR에서 빠져요.',
  'broker.heartbeat.interval.ms': '브로커가 활성 컨트롤러에 살아 있다고 알리는 간격이에요.',
  'replica.lag.time.max.ms': '팔로워가 이 시간 넘게 뒤처지면 ISR에서 빠져요.',
  'replica.fetch.wait.max.ms': '새 레코드가 없을 때 리더가 팔로워의 요청을 붙들고 있는 가장 긴 시간이에요.',
  'replica.fetch.max.bytes': '팔로워가 파티션 하나에서 한 번에 가져오는 바이트 수예요.',
  'replica.selector.class': '컨슈머가 읽을 레플리카를 고르는 방법. 없으면 리더에서 읽어요.',
  'controlled.shutdown.enable': '브로커가 멈출 때 리더를 먼저 다른 브로커로 넘길지 정해요.',
  'auto.leader.rebalance.enable': '때때로 리더를 선호 리더로 되돌릴지 정해요.',
  'leader.imbalance.check.interval.seconds':
    '선호 리더가 이끌지 않는 파티션을 컨트롤러가 찾아보는 간격이에요.',
  'delete.topic.enable': '토픽을 지울 수 있는지 정해요.',
  'node.id': '클러스터 안에서 이 노드의 번호예요.',
  'process.roles': '이 노드가 하는 일. broker, controller, 또는 둘 다예요.',
  listeners: '이 노드가 연결을 받는 주소. 주소마다 리스너의 이름이 붙어요.',
  'advertised.listeners': '클라이언트와 다른 브로커에게 알려 주는 주소. 실제로 받는 주소와 다를 때 정해요.',
  'listener.security.protocol.map': '리스너마다 쓰는 보안 프로토콜이에요.',
  'inter.broker.listener.name': '브로커끼리 쓰는 리스너의 이름이에요.',
  'controller.listener.names': '컨트롤러끼리, 그리고 브로커와 쓰는 리스너의 이름이에요.',
  'controller.quorum.voters': '투표하는 컨트롤러들. 저마다 id@host:port로 적어요.',
  'controller.quorum.election.timeout.ms': '후보가 표를 기다렸다가 다시 묻기까지의 시간이에요.',
  'controller.quorum.fetch.timeout.ms': '리더의 대답이 이 시간 동안 없으면 새로 선거에 나서요.',
  'metadata.max.idle.interval.ms': '바뀐 것이 없을 때 메타데이터 로그에 빈 레코드를 쓰는 간격이에요.',
  'log.dir': 'log.dirs를 정하지 않았을 때 로그를 두는 폴더예요.',
  'log.dirs': '로그를 두는 폴더들이에요.',
  'log.segment.bytes': '세그먼트 파일 하나의 최대 크기예요. 차면 새 세그먼트를 시작해요.',
  'log.roll.ms': '크기가 차지 않아도 이 시간이 지나면 새 세그먼트를 시작해요.',
  'log.roll.hours': 'log.roll.ms를 정하지 않았을 때, 이 시간(시)이 지나면 새 세그먼트를 시작해요.',
  'log.retention.ms': '레코드를 남겨 둘 시간. -1은 제한 없음이에요.',
  'log.retention.minutes': 'log.retention.ms를 정하지 않았을 때 레코드를 남겨 둘 시간(분)이에요.',
  'log.retention.bytes': '파티션마다 남겨 둘 크기. 넘으면 오래된 세그먼트부터 지워요. -1은 제한 없음이에요.',
  'log.retention.check.interval.ms': '지울 세그먼트가 있는지 찾아보는 간격이에요.',
  'log.cleanup.policy':
    '오래된 세그먼트를 어떻게 할지. delete는 기간과 크기로 지우고, compact는 키마다 마지막 레코드만 남겨요.',
  'log.cleaner.enable': '압축 정리를 할지 정해요.',
  'log.cleaner.threads': '압축 정리를 하는 스레드의 수예요.',
  'log.cleaner.backoff.ms': '정리할 것이 없을 때 클리너가 쉬는 시간이에요.',
  'broker.rack': '이 브로커가 있는 곳. 레플리카를 서로 다른 곳에 나눠 놓는 데 써요.',
};

const absent = (part: string): string =>
  `${part}에 쓰는 설정이에요. 이 브로커에는 없는 기능이라 보관하고 보여 주기만 해요.`;

/** By what the name begins with, the first that fits. */
const families: readonly (readonly [string, string])[] = [
  ['sasl.', absent('SASL 인증')],
  ['ssl.', absent('TLS 암호화')],
  ['remote.', absent('계층형 저장소(tiered storage)')],
  ['local.retention', absent('계층형 저장소(tiered storage)')],
  ['log.local.retention', absent('계층형 저장소(tiered storage)')],
  ['group.share.', absent('셰어 그룹')],
  ['share.', absent('셰어 그룹')],
  ['group.streams.', absent('스트림즈 그룹')],
  ['telemetry.', absent('클라이언트 텔레메트리')],
  ['delegation.token.', absent('위임 토큰')],
  ['metric', '자바 프로세스의 지표에 쓰는 설정이에요. 보관하고 보여 주기만 해요.'],
  ['log.cleaner.', '압축 정리를 하는 클리너의 설정이에요.'],
  ['controller.quorum.', '컨트롤러 쿼럼의 설정이에요.'],
  ['metadata.log.', '메타데이터 로그의 세그먼트, 스냅샷, 보존에 대한 설정이에요.'],
  ['socket.', '이 브로커의 소켓에 대한 설정이에요.'],
  ['quota.', '클라이언트 쿼터를 재는 방법이에요.'],
  ['replication.quota.', '제한된 복제의 속도를 재는 방법이에요.'],
  ['max.connection', '받아들이는 연결의 수, 또는 1초에 새로 받아들이는 연결의 수예요.'],
];

export function koreanMeaning(name: string): string {
  const family = families.find(([prefix]) => name.startsWith(prefix));
  return meanings[name] ?? family?.[1] ?? `이 브로커의 ${name.replaceAll('.', ' ')} 설정이에요.`;
}
