/** Words of the administrator's page, in Korean. */
export const adminKo = {
  title: '서버',
  capacity: '여유',
  room: '앞으로 {{count}}명이 더 들어올 수 있어요',
  limitedBy: '먼저 모자라는 것은 {{what}}예요.',
  limits: { memory: '메모리', processor: '프로세서', disk: '디스크 자리' },
  measured:
    '지금 켜진 환경을 재어 보면 하나에 메모리 {{memory}}, 프로세서 {{processor}}코어, 디스크 {{disk}}쯤 써요.',
  assumed:
    '켜진 환경이 없어서 하나에 메모리 {{memory}}, 프로세서 {{processor}}코어, 디스크 {{disk}}로 어림했어요.',
  running: '켜진 환경',
  memory: '메모리',
  load: '부하(1분)',
  loadValue: '{{load}} / {{cpus}}코어',
  disk: '디스크',
  uptime: '켜 둔 시간',
  version: '버전',
  backup: '백업은 서버가 켜져 있어도 할 수 있어요.',
  environments: '켜진 실습 환경',
  none: '켜진 환경이 없어요',
  who: '사용자',
  viewers: '보는 창',
  stopConfirm:
    '{{name}} 님의 환경을 멈춰요. 파일과 클러스터의 데이터는 그대로 있고, 터미널에서 돌던 프로그램은 끝나요.',
  log: '감사 기록',
} as const;
