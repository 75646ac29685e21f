/**
 * The session cookie. Its name carries the port, because browsers do not tell the ports of a host apart and two
 * servers on one machine would sign each other's people out.
 */
export interface SessionCookie {
  readonly name: string;
  read(header: string | undefined): string | undefined;
  write(session: { token: string; maxAgeMs: number; secure: boolean }): string;
  clear(secure: boolean): string;
}

const TOKEN = /^[A-Za-z0-9_-]{20,100}$/;

export function sessionCookie(port: number): SessionCookie {
  const name = `brokerlab-${port}`;
  const attributes = (secure: boolean) => `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    name,
    read(header) {
      for (const part of header?.split(';') ?? []) {
        const at = part.indexOf('=');
        if (at < 0 || part.slice(0, at).trim() !== name) continue;
        const token = part.slice(at + 1).trim();
        if (TOKEN.test(token)) return token;
      }
      return undefined;
    },
    write: ({ token, maxAgeMs, secure }) =>
      `${name}=${token}; Max-Age=${Math.floor(maxAgeMs / 1000)}; ${attributes(secure)}`,
    clear: (secure) => `${name}=; Max-Age=0; ${attributes(secure)}`,
  };
}
