/** Headless Chromium as Debian ships it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function findBrowser(): string | undefined {
  return CANDIDATES.find((path) => existsSync(path));
}

export async function openBrowser(): Promise<Browser & AsyncDisposable> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('no Chromium: "sudo apt-get install chromium" installs it');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return Object.assign(browser, { [Symbol.asyncDispose]: () => browser.close() });
}
