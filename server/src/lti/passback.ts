/**
 * Points → the platforms' grade books (LTI Assignment and Grade Services 2.0). What has changed since the last sending is
 * found in the store, so a restart loses nothing; a platform that is away is asked again, less and less often.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { z } from 'zod';
import { readLabGrades } from '../grading/grades.ts';
import type { LabCatalog } from '../sessions/lab-sessions.ts';
import type { LtiLaunchRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { LtiKey } from './key.ts';
import { SCORE_SCOPE } from './launch-claims.ts';
import type { LtiPlatform, LtiSettings } from './settings.ts';

const LOOK_EVERY_MS = 15_000;
const AT_ONCE_MAX = 100;
const CALL_TIMEOUT_MS = 10_000;
const PAUSE_MS = 20_000;
const PAUSE_MS_MAX = 3_600_000;
const ASSERTION_SECONDS = 300;
const TOKEN_SPARE_MS = 30_000;

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(300) });

export interface PassbackOptions {
  readonly settings: LtiSettings;
  readonly store: Store;
  readonly catalog: LabCatalog;
  readonly key: LtiKey;
  readonly log: Logger;
  readonly now: () => number;
}

export class Passback {
  readonly #options: PassbackOptions;
  readonly #tokens = new Map<LtiPlatform, { readonly token: string; readonly until: number }>();
  readonly #stopped = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #sending: Promise<void> | null = null;

  constructor(options: PassbackOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.send(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Sends what is due; at most once at a time. Never rejects: what failed is told in the log and tried again. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'points for learning platforms'))
      .finally(() => {
        this.#sending = null;
      });
    return this.#sending;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort(new Error('the server is stopping'));
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (const row of await this.#due()) {
      if (this.#stopped.signal.aborted) return;
      await this.#sendOne(row);
    }
  }

  #due(): Promise<LtiLaunchRow[]> {
    const { store, now } = this.#options;
    return store
      .selectFrom('lti_launches')
      .selectAll()
      .where('line_item', 'is not', null)
      .where('next_at', '<=', now())
      .where(({ exists, selectFrom, fn, val }) =>
        exists(
          selectFrom('check_grades')
            .select('check_id')
            .whereRef('check_grades.account_id', '=', 'lti_launches.account_id')
            .whereRef('check_grades.lab_id', '=', 'lti_launches.lab_id')
            .where('check_grades.changed_at', '>', fn.coalesce('lti_launches.sent_at', val(0))),
        ),
      )
      .orderBy('next_at')
      .limit(AT_ONCE_MAX)
      .execute();
  }

  async #sendOne(row: LtiLaunchRow): Promise<void> {
    const { settings, log, now } = this.#options;
    const platform = settings.platforms.find(
      (one) => one.issuer === row.issuer && one.clientId === row.client_id,
    );
    // No longer in the settings: kept, in case it comes back.
    if (!platform) return;
    const readAt = now();
    try {
      const sent = await this.#post(platform, row);
      await this.#remember(row, { sent_at: readAt, sent, failures: 0, next_at: 0 });
    } catch (error) {
      if (this.#stopped.signal.aborted) return;
      this.#tokens.delete(platform);
      const failures = row.failures + 1;
      const pauseMs = Math.min(PAUSE_MS * 2 ** Math.min(failures - 1, 20), PAUSE_MS_MAX);
      await this.#remember(row, { failures, next_at: readAt + pauseMs });
      log.warn({ err: error, platform: platform.name, labId: row.lab_id, failures }, 'points were not taken');
    }
  }

  /** Resolves with what the platform now has. */
  async #post(platform: LtiPlatform, row: LtiLaunchRow): Promise<string | null> {
    const { store, catalog, now } = this.#options;
    const runs = await readLabGrades(store, catalog, { accountIds: [row.account_id], labIds: [row.lab_id] });
    // Started over or not: the best run is what the person can do.
    const best = runs.toSorted((a, b) => share(b) - share(a))[0];
    if (!best || best.pointsMax === 0) return row.sent;
    const score = {
      userId: row.subject,
      scoreGiven: best.points,
      scoreMaximum: best.pointsMax,
      activityProgress: best.passedAt === null ? 'InProgress' : 'Completed',
      gradingProgress: best.passedAt === null ? 'Pending' : 'FullyGraded',
    };
    const sent = JSON.stringify(score);
    if (sent === row.sent) return sent;
    const address = new URL(row.line_item ?? '');
    address.pathname = `${address.pathname.replace(/\/$/, '')}/scores`;
    await this.#call(address, {
      authorization: `Bearer ${await this.#tokenOf(platform)}`,
      'content-type': 'application/vnd.ims.lis.v1.score+json',
      body: JSON.stringify({ ...score, timestamp: new Date(now()).toISOString() }),
    });
    return sent;
  }

  /** By a client assertion that is signed, not by a secret (RFC 7523). */
  async #tokenOf(platform: LtiPlatform): Promise<string> {
    const { key, now } = this.#options;
    const known = this.#tokens.get(platform);
    if (known && known.until > now()) return known.token;
    const { clientId, tokenUrl } = platform;
    const assertion = await key.sign(
      { iss: clientId, sub: clientId, aud: tokenUrl, jti: randomUUID() },
      { seconds: ASSERTION_SECONDS },
    );
    const answer = await this.#call(new URL(tokenUrl), {
      'content-type': 'application/x-www-form-urlencoded',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope: SCORE_SCOPE,
      }).toString(),
    });
    const { access_token: token, expires_in } = Token.parse(await answer.json());
    this.#tokens.set(platform, { token, until: now() + expires_in * 1000 - TOKEN_SPARE_MS });
    return token;
  }

  async #call(
    address: URL,
    { body, ...headers }: { body: string } & Record<string, string>,
  ): Promise<Response> {
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    const answer = await fetch(address, { method: 'POST', headers, body, signal, redirect: 'error' });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`${address.host} answered ${answer.status}`);
    }
    return answer;
  }

  async #remember(
    row: LtiLaunchRow,
    values: Partial<Pick<LtiLaunchRow, 'sent_at' | 'sent' | 'failures' | 'next_at'>>,
  ): Promise<void> {
    await this.#options.store
      .updateTable('lti_launches')
      .set(values)
      .where('account_id', '=', row.account_id)
      .where('lab_id', '=', row.lab_id)
      .execute();
  }
}

const share = ({ points, pointsMax }: { points: number; pointsMax: number }): number =>
  pointsMax === 0 ? 0 : points / pointsMax;
