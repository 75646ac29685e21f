/** What the end-to-end tests share: a server, people who come in by the browser, and terminals they type into. */
import type { AccountsWithPasswords, LabContent, Solution } from '@brokerlab/server/contract';
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { ServerProcess } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';

export interface Credentials {
  readonly name: string;
  readonly password: string;
}

/** Makes the administrator by the one-time link on the console. */
export async function administrator(server: ServerProcess): Promise<Trainee> {
  const token = /\/setup#(\S+)/.exec(server.output())?.[1];
  if (token === undefined) throw new Error(`no set-up link was printed:\n${server.output()}`);
  const response = await fetch(`${server.url}/api/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ token, name: 'admin', password: 'a-long-enough-password' }),
  });
  expect(response.status).toBeLessThan(300);
  return Trainee.signIn(server.url, 'admin', 'a-long-enough-password');
}

export async function accountsFor(server: ServerProcess, count: number): Promise<Credentials[]> {
  const admin = await administrator(server);
  const { created } = await admin.rest<AccountsWithPasswords>('POST', '/api/accounts/assigned', {
    prefix: 'trainee-',
    count,
  });
  return created.map(({ account, password }) => ({ name: account.name, password: password! }));
}

export async function signIn(page: Page, url: string, who: Credentials): Promise<void> {
  await page.goto(url);
  await page.locator('input[name="username"]').fill(who.name);
  await page.locator('input[name="password"]').fill(who.password);
  await page.getByTestId('sign-in').click();
}

/** Opens a lab from its card and waits for the prompt's terminal. */
export async function openLab(page: Page, labId: string): Promise<void> {
  await page.getByTestId(`lab-${labId}`).click();
  await page.getByTestId('terminal-1').waitFor({ timeout: 30_000 });
  await page
    .locator('[data-testid="terminal-1"] textarea, [data-testid="terminal-1"] .xterm')
    .first()
    .waitFor();
}

/** Clicks into a terminal and types a line, as a person would. */
export async function typeLine(page: Page, line: string, terminal = 1): Promise<void> {
  await page.getByTestId(`terminal-${terminal}`).click();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** The same person at the socket: to read what the terminal shows and what the lab's solution is. */
export async function behind(context: BrowserContext, url: string): Promise<Trainee> {
  const cookies = await context.cookies();
  return Trainee.withCookie(url, cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
}

export async function solutionOf(person: Trainee, labId: string, stepId: string): Promise<Solution> {
  return person.rest<Solution>('POST', `/api/labs/${labId}/steps/${stepId}/solution`);
}

export function contentOf(person: Trainee, labId: string): Promise<LabContent> {
  return person.rest<LabContent>('GET', `/api/labs/${labId}`);
}

/** Waits until the page itself shows the step as passed. */
export async function stepPassed(page: Page, stepId: string, timeoutMs = 30_000): Promise<void> {
  await page.locator(`[data-testid="step-${stepId}"][data-state="passed"]`).waitFor({ timeout: timeoutMs });
}
