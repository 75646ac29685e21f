/** The key pair this server signs with for learning platforms: made once, kept in the store, published as a key set. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as jose from 'jose';
import type { Store } from '../store/store.ts';

const ALGORITHM = 'RS256';

export interface LtiKey {
  readonly id: string;
  sign(claims: jose.JWTPayload, options: { seconds: number }): Promise<string>;
  publicKeys(): Promise<{ keys: jose.JWK[] }>;
}

export async function openLtiKey(store: Store, now: () => number): Promise<LtiKey> {
  const { id, key } = await readOrMake(store, now);
  return {
    id,
    sign(claims, { seconds }) {
      const issued = Math.floor(now() / 1000);
      return new jose.SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' })
        .setIssuedAt(issued)
        .setExpirationTime(issued + seconds)
        .sign(key);
    },
    async publicKeys() {
      const jwk = await jose.exportJWK(createPublicKey(key));
      return { keys: [{ ...jwk, kid: id, alg: ALGORITHM, use: 'sig' }] };
    },
  };
}

async function readOrMake(store: Store, now: () => number): Promise<{ id: string; key: KeyObject }> {
  const known = await store.selectFrom('lti_keys').selectAll().executeTakeFirst();
  if (known) return { id: known.id, key: createPrivateKey(known.private_key) };
  const { privateKey } = await jose.generateKeyPair(ALGORITHM, { extractable: true });
  const private_key = await jose.exportPKCS8(privateKey);
  const id = await jose.calculateJwkThumbprint(await jose.exportJWK(privateKey));
  await store.insertInto('lti_keys').values({ id, private_key, created_at: now() }).execute();
  return { id, key: createPrivateKey(private_key) };
}
