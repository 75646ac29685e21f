/** The room's name, mark and colour: what is taken, what is refused and left as it was, and how the mark is served. */
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { accentOf, contrastOf } from '../../server/src/admin/accent.ts';
import { logoTypeOf } from '../../server/src/admin/logo.ts';
import type { SessionInfo } from '../../server/src/contract/main.ts';
import { startTestServer, type TestServer } from './harness.ts';

let host: TestServer;
beforeAll(async () => {
  host = await startTestServer();
});
afterAll(() => host?.[Symbol.asyncDispose]());

const svg = (inner: string, head = '') =>
  `${head}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inner}</svg>`;
const png = (width: number, height = 16) => {
  const bytes = Buffer.alloc(64);
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(bytes);
  bytes.write('IHDR', 12, 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
const plain = svg('<g fill="#2b5bd7"><rect width="4" height="4"/><path d="M0 0L8 8"/></g>');

test('is seen by everybody before they sign in; what is wrong changes nothing', async () => {
  const admin = await host.administrator();
  const seen = async () => ((await host.client().get('/api/session').expect(200)).body as SessionInfo).look;
  expect(await seen()).toEqual({ name: null, accent: null, logo: null });
  await host.client().get('/api/look/logo').expect(404);
  const base64 = Buffer.from(plain).toString('base64');
  const put = (body: object) => admin.put('/api/admin/look', body);
  await put({ name: '한빛 교육장', accent: '#0F766E', logo: { base64 } }).expect(200);
  const look = await seen();
  expect(look).toMatchObject({ name: '한빛 교육장', accent: { light: { fill: '#0f766e' } } });
  const logo = await host.client().get(`/api/look/logo?v=${look.logo}`).expect(200);
  expect(logo.headers['content-type']).toMatch(/^image\/svg\+xml/);
  expect(logo.headers['x-content-type-options']).toBe('nosniff');
  expect(logo.headers['content-security-policy']).toContain("default-src 'none'");
  expect(logo.headers['content-security-policy']).toContain('sandbox');
  expect(String(logo.body)).toBe(plain);

  const script = Buffer.from(svg('<script>alert(1)</script>')).toString('base64');
  for (const [body, code] of [
    [{ name: null, accent: '#ffee88' }, 'accentTooPale'],
    [{ name: null, accent: null, logo: { base64: script } }, 'logoRefused'],
    [{ name: null, accent: 'red' }, 'badRequest'],
    [{ name: 'x'.repeat(41), accent: null }, 'badRequest'],
  ] as const) {
    const refused = await put(body).expect(400);
    expect(refused.body).toMatchObject({ error: { code } });
  }
  expect(await seen()).toEqual(look);
  // The logo stays when it is not spoken of.
  await put({ name: null, accent: null }).expect(200);
  expect(await seen()).toEqual({ name: null, accent: null, logo: look.logo });
  await put({ name: null, accent: null, logo: null }).expect(200);
  expect((await seen()).logo).toBeNull();
  const guest = host.client();
  await guest.post('/api/session/try-here', {}).expect(200);
  await guest.put('/api/admin/look', { name: 'mine', accent: null }).expect(403);
});

describe('a logo', () => {
  it.each([
    ['shapes', plain],
    ['its own gradients', svg('<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#b"/>')],
    ['a declaration and a comment', svg('<text>한글</text>', '<?xml version="1.0"?><!-- <script> -->')],
  ])('may be %s', (_, text) => {
    expect(logoTypeOf(Buffer.from(text))).toBe('image/svg+xml');
  });
  it('may be a small PNG, and no large one', () => {
    expect(logoTypeOf(png(1024))).toBe('image/png');
    for (const bytes of [png(1025), png(0), png(16).subarray(0, 20), Buffer.alloc(200_000)])
      expect(logoTypeOf(bytes)).toBeUndefined();
  });
  it.each([
    '<script>1</script>',
    '<SCRIPT/>',
    '<rect onload="1"/>',
    '<rect OnClick = "1"/>',
    '<a href="https://example.com"><rect/></a>',
    '<use href="https://example.com/x.svg#a"/>',
    '<use xlink:href="data:image/svg+xml;base64,AAAA"/>',
    '<image href="x.png"/>',
    '<foreignObject><p/></foreignObject>',
    '<style>@import "x"</style>',
    '<rect fill="url(https://example.com/a)"/>',
    '<rect style="background:u\\72l(//x)"/>',
    '<rect style="fill:url&#40;//x)"/>',
    '<animate attributeName="href" to="javascript:1"/>',
    '<![CDATA[<script>]]>',
    '<rect/<script>/>',
    '<rect',
  ])('is refused with %s', (inner) => {
    expect(logoTypeOf(Buffer.from(svg(inner)))).toBeUndefined();
  });
  it.each([
    '',
    'GIF89a',
    '<html></html>',
    `<!DOCTYPE svg [<!ENTITY a "b">]>${plain}`,
    `${plain}<script>1</script>`,
  ])('is not %s', (text) => {
    expect(logoTypeOf(Buffer.from(text))).toBeUndefined();
  });
});

describe('a colour', () => {
  it.each(['#2b5bd7', '#0f766e', '#7c3aed', '#b3261e', '#000000', '#334155', '#767676'])(
    '%s is read in both themes',
    (set) => {
      const { light, dark } = accentOf(set)!;
      for (const [one, other] of [
        [light.text, '#ffffff'],
        [light.text, light.soft],
        [light.fill, '#ffffff'],
        [dark.text, '#161b24'],
        [dark.text, dark.soft],
        [dark.fill, '#ffffff'],
      ] as const)
        expect(contrastOf(one, other)).toBeGreaterThanOrEqual(4.5);
    },
  );
  it.each(['#ffffff', '#ffee88', '#7ea2ff', '#777777'])('%s is too pale', (set) => {
    expect(accentOf(set)).toBeNull();
  });
});
