/** Reading a topic's messages piece by piece, filtering, and following its end. */
import type { ConsoleMessage, Localized, MessagesRead, ReadFrom } from '@brokerlab/server/contract';
import { useCallback, useEffect, useRef, useState } from 'react';
import { call, textOf } from '../../api/rest.ts';
import { usePlace } from './use-console.ts';

export interface Reading {
  readonly partition: number | null;
  readonly from: ReadFrom;
  readonly limit: number;
  readonly text: string;
  readonly expression: string;
  readonly isolation: 'read_uncommitted' | 'read_committed';
}

export interface Messages {
  readonly messages: readonly ConsoleMessage[];
  readonly scanned: number;
  readonly ended: boolean;
  readonly busy: boolean;
  readonly error: Localized | null;
  /** New ones are appended as they come. */
  readonly following: boolean;
}

const FOLLOW_EVERY_MS = 1_000;
/** Of those followed, the latest; a topic may bring more than a page can hold. */
const KEPT_MAX = 2_000;
const nothing: Messages = {
  messages: [],
  scanned: 0,
  ended: false,
  busy: false,
  error: null,
  following: false,
};

export function useMessages(topic: string) {
  const { labId, clusterId, trainee } = usePlace();
  const [state, setState] = useState<Messages>(nothing);
  const latest = useRef<{ reading: Reading; next: Record<string, number> } | null>(null);
  const running = useRef<AbortController | null>(null);

  const fetchPiece = useCallback(
    async (reading: Reading, signal: AbortSignal): Promise<MessagesRead> => {
      const path = { labId, clusterId, topic };
      const answer = await call('readMessages', {
        path,
        body: reading,
        signal,
        ...(trainee ? { query: { trainee } } : {}),
      });
      latest.current = { reading, next: answer.next };
      return answer;
    },
    [labId, clusterId, trainee, topic],
  );

  const begin = useCallback((): AbortSignal => {
    running.current?.abort();
    running.current = new AbortController();
    return running.current.signal;
  }, []);

  const read = useCallback(
    async (reading: Reading): Promise<void> => {
      const signal = begin();
      setState({ ...nothing, busy: true });
      try {
        const { messages, scanned, ended } = await fetchPiece(reading, signal);
        setState({ ...nothing, messages, scanned, ended });
      } catch (error) {
        if (!signal.aborted) setState({ ...nothing, error: textOf(error) });
      }
    },
    [begin, fetchPiece],
  );

  const more = useCallback(async (): Promise<void> => {
    const before = latest.current;
    if (!before) return;
    const signal = begin();
    setState((now) => ({ ...now, busy: true }));
    try {
      const reading: Reading = { ...before.reading, from: { at: 'next', offsets: before.next } };
      const answer = await fetchPiece(reading, signal);
      setState((now) => ({
        ...now,
        messages: [...now.messages, ...answer.messages],
        scanned: now.scanned + answer.scanned,
        ended: answer.ended,
        busy: false,
        error: null,
      }));
    } catch (error) {
      if (!signal.aborted) setState((now) => ({ ...now, busy: false, error: textOf(error) }));
    }
  }, [begin, fetchPiece]);

  /** From the end on, newest first; until `stop`, or the screen goes. */
  const follow = useCallback(
    async (reading: Reading): Promise<void> => {
      const signal = begin();
      setState({ ...nothing, following: true });
      try {
        let next = (
          await fetchPiece(
            { ...reading, from: { at: 'time', timeMs: Number.MAX_SAFE_INTEGER }, limit: 1 },
            signal,
          )
        ).next;
        while (!signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, FOLLOW_EVERY_MS));
          if (signal.aborted) return;
          const answer = await fetchPiece({ ...reading, from: { at: 'next', offsets: next } }, signal);
          next = answer.next;
          if (answer.messages.length === 0) continue;
          setState((now) => ({
            ...now,
            messages: [...[...answer.messages].reverse(), ...now.messages].slice(0, KEPT_MAX),
            scanned: now.scanned + answer.scanned,
          }));
        }
      } catch (error) {
        if (!signal.aborted) setState((now) => ({ ...now, following: false, error: textOf(error) }));
      }
    },
    [begin, fetchPiece],
  );

  const stop = useCallback((): void => {
    running.current?.abort();
    setState((now) => ({ ...now, following: false, busy: false }));
  }, []);

  useEffect(() => () => running.current?.abort(), []);
  return { state, read, more, follow, stop };
}
