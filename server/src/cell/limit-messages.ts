/** What a trainee reads when a limit is met: what happened, which number, what to do. */
import type { Sentence } from '../sandbox/sandbox.ts';

const megabytes = (bytes: number): string => `${Math.round(bytes / (1024 * 1024))} MB`;

export const limitMessages = {
  processesMet: (max: number): Sentence => ({
    ko: `프로세스가 한도(${max}개)에 닿아 새 프로그램을 시작할 수 없어요. Ctrl-C로 프로그램을 끝내거나 환경을 다시 시작하세요.`,
    en: `The limit of ${max} processes is met: no new program can start. End some with Ctrl-C, or restart the environment.`,
  }),
  processesEnded: (max: number, name: string): Sentence => ({
    ko: `프로세스가 계속 한도(${max}개)까지 늘어나서 '${name}' 프로그램들을 끝냈어요. 셸과 파일은 그대로예요.`,
    en: `Processes kept multiplying up to the limit of ${max}, so the '${name}' programs were ended. Your shells and files are as they were.`,
  }),
  memoryMet: (maxBytes: number, name: string, bytes: number): Sentence => ({
    ko: `메모리 한도(${megabytes(maxBytes)})를 넘어서, 가장 많이 쓰던 '${name}'(${megabytes(bytes)})을(를) 끝냈어요.`,
    en: `The memory limit of ${megabytes(maxBytes)} was exceeded, so the biggest program, '${name}' (${megabytes(bytes)}), was ended.`,
  }),
  homeFull: (maxBytes: number, bytes: number, ended: readonly string[]): Sentence => ({
    ko: `홈 폴더가 한도(${megabytes(maxBytes)})를 넘었어요(지금 ${megabytes(bytes)}).${ended.length === 0 ? '' : ` 쓰고 있던 '${ended.join("', '")}'을(를) 끝냈어요.`} 큰 파일을 지우세요: du -ah ~ | sort -h | tail`,
    en: `Your home is over its limit of ${megabytes(maxBytes)} (now ${megabytes(bytes)}).${ended.length === 0 ? '' : ` '${ended.join("', '")}', which was writing to it, was ended.`} Delete big files: du -ah ~ | sort -h | tail`,
  }),
  tooManyFiles: (max: number): Sentence => ({
    ko: `홈 폴더의 파일이 한도(${max}개)를 넘었어요. 필요 없는 파일을 지우세요.`,
    en: `Your home holds more than ${max} files. Delete those you don't need.`,
  }),
  clusterDisk: (maxBytes: number, bytes: number): Sentence => ({
    ko: `클러스터의 데이터가 ${megabytes(bytes)}로 한도(${megabytes(maxBytes)})를 넘었어요. 토픽을 지우거나 보관 기간(retention.ms)을 줄이세요.`,
    en: `Your cluster's data takes ${megabytes(bytes)}, over its limit of ${megabytes(maxBytes)}. Delete topics or shorten their retention (retention.ms).`,
  }),
} as const;
