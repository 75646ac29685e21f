/** A class in Chromium, with its three roles: made, joined, watched, helped, paused. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findings } from '../support/axe.ts';
import { findBrowser, openBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';
import { Trainee } from '../support/trainee.ts';
import { openLab, signIn, typeLine } from './room.ts';

const reason =
  findBrowser() === undefined ? 'no Chromium: "sudo apt-get install chromium" installs it' : undefined;
const PASSWORD = 'a-long-enough-password';

async function window(browser: Browser, errors: string[]): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  return page;
}

describe.skipIf(reason !== undefined)(`a class in the browser${reason ? ` (${reason})` : ''}`, () => {
  let server: ServerProcess;
  let browser: Browser & AsyncDisposable;
  const errors: string[] = [];

  beforeAll(async () => {
    server = await startServer();
    browser = await openBrowser();
    const token = /\/setup#(\S+)/.exec(server.output())?.[1];
    await fetch(`${server.url}/api/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ token, name: 'admin', password: PASSWORD }),
    });
    const admin = await Trainee.signIn(server.url, 'admin', PASSWORD);
    await admin.rest('POST', '/api/accounts', { name: 'teacher', role: 'instructor', password: PASSWORD });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('is made from a list, joined with a card and with a code, watched and helped', {
    timeout: 240_000,
  }, async () => {
    const staff = await window(browser, errors);
    await signIn(staff, server.url, { name: 'teacher', password: PASSWORD });
    await staff.getByTestId('account').waitFor();
    await staff.goto(`${server.url}/classes`);
    await staff.getByTestId('class-title').fill('카프카 기초 · 11월반');
    await staff.getByTestId('create-class').click();
    await staff.getByTestId('roster-text').fill('이름,계정\n김민수,minsu\n박서준,박서준');
    await staff.getByTestId('roster-check').click();
    await staff.getByText('3', { exact: true }).first().waitFor();
    expect(await staff.locator('[data-outcome="refused"]').first().innerText()).toContain('박서준');
    expect(await findings(staff)).toEqual([]);
    await staff.getByTestId('roster-apply').click();
    const card = staff.getByTestId('account-cards').locator('li').first();
    const password = await card.locator('.card-password').innerText();
    expect(await findings(staff)).toEqual([]);

    // With the card.
    const minsu = await window(browser, errors);
    await signIn(minsu, server.url, { name: 'minsu', password });
    await minsu.getByTestId('first-password').waitFor();
    expect(await findings(minsu)).toEqual([]);
    for (const field of await minsu.locator('input[autocomplete="new-password"]').all())
      await field.fill('my own long password');
    await minsu.getByTestId('first-password').getByRole('button', { name: '정하고 시작하기' }).click();
    await minsu.locator('.my-class').getByText('카프카 기초 · 11월반').waitFor();
    await openLab(minsu, 'first-topic');

    // The screen of the class.
    await staff.getByTestId('tab-live').click();
    const row = staff.getByTestId('row-minsu');
    await staff.locator('[data-testid="row-minsu"][data-online="true"]').waitFor();
    await minsu.getByTestId('hand').click();
    await staff.getByTestId('need-minsu').waitFor();
    for (let count = 0; count < 3; count += 1) {
      await typeLine(minsu, 'cat /nothing/there');
      await minsu.locator('.xterm-rows').first().waitFor();
    }
    await eventually(
      async () => expect(await staff.getByTestId('need-minsu').getAttribute('data-level')).toBe('stuck'),
      { timeoutMs: 45_000 },
    );
    expect(await row.locator('[data-state="stuck"]').count()).toBe(1);
    expect(await findings(staff)).toEqual([]);
    await staff.getByTestId('hide-names').click();
    expect(await row.innerText()).not.toContain('김민수');
    await staff.getByTestId('hide-names').click();

    // Looked at, typed into by consent, and no longer.
    await staff.getByTestId('need-minsu').click();
    await staff.getByTestId('enter-trainee').click();
    await staff.getByTestId('mirror-1').waitFor();
    await minsu.locator('[data-testid="onlooker"][data-typing="no"]').waitFor();
    await staff.getByTestId('part-cluster').click();
    await staff.getByTestId('cluster-map').waitFor();
    expect(await findings(staff)).toEqual([]);
    await staff.getByTestId('part-wire').click();
    await typeLine(minsu, 'kafka-topics.sh --bootstrap-server localhost:9092 --list');
    await staff.getByTestId('wire-Metadata').first().click({ timeout: 30_000 });
    await staff.locator('.wire-field', { hasText: 'apiKey' }).first().waitFor();
    expect(await findings(staff)).toEqual([]);
    await staff.getByTestId('part-terminals').click();
    await staff.getByTestId('ask-to-type').click();
    await minsu.getByTestId('consent').click();
    await staff.locator('[data-testid="typing"][data-state="granted"]').waitFor();
    await staff.getByTestId('mirror-1').click();
    await staff.keyboard.type('echo by-staff-$((40 + 2))\n');
    const screen = minsu.getByTestId('terminal-1');
    await eventually(async () => expect(await screen.innerText()).toContain('by-staff-42'), {
      timeoutMs: 15_000,
    });
    await minsu.getByTestId('revoke').click();
    await staff.getByTestId('ask-to-type').waitFor();

    // A file and a topic, changed by consent: once, refused, and for the session.
    await typeLine(minsu, 'echo one > note.txt');
    await staff.getByTestId('part-files').click();
    await staff.getByText('note.txt').click({ timeout: 15_000 });
    await staff.getByTestId('edit-file').click();
    await staff.getByTestId('file-draft').fill('two');
    await staff.getByTestId('save-file').click();
    await minsu.getByTestId('consent-question').getByText('note.txt').waitFor();
    expect(await findings(minsu)).toEqual([]);
    expect(await findings(staff)).toEqual([]);
    await minsu.getByTestId('consent').click();
    await staff.getByTestId('edit-file').waitFor();
    await typeLine(minsu, 'cat note.txt');
    await eventually(async () => expect(await screen.innerText()).toMatch(/two/), { timeoutMs: 15_000 });
    const [console] = await Promise.all([
      staff.context().waitForEvent('page'),
      staff.getByRole('link', { name: '콘솔', exact: true }).click(),
    ]);
    await console.getByTestId('others-cluster').waitFor();
    const create = async (name: string) => {
      await console.getByTestId('console-topics').click();
      await console.getByTestId('console-create-topic').click();
      const dialog = console.getByRole('dialog');
      await dialog.getByRole('textbox').first().fill(name);
      await dialog.getByRole('button', { name: '토픽 만들기' }).click();
    };
    await create('refused');
    await minsu.getByTestId('consent-refuse').click();
    await console.getByText('수강생이 거절했어요').first().waitFor();
    expect(await findings(console)).toEqual([]);
    await console.getByRole('dialog').getByRole('button', { name: '토픽 만들기' }).click();
    await minsu.getByTestId('consent-session').click();
    await minsu.locator('[data-testid="allowed"][data-state="session"]').waitFor();
    await console.getByRole('heading', { name: 'refused' }).waitFor();
    await create('unasked');
    await console.getByRole('heading', { name: 'unasked' }).waitFor();
    await minsu.getByTestId('revoke').click();
    await minsu.getByTestId('allowed').waitFor({ state: 'detached' });
    await console.close();
    await staff.getByRole('link', { name: /수업 화면으로/ }).click();
    await minsu.getByTestId('onlooker').waitFor({ state: 'detached' });

    // Told, and held.
    await staff.getByTestId('send-to-all').click();
    await staff.getByTestId('send-text').fill('10분 쉬어요');
    await staff.getByTestId('send').click();
    await minsu.getByTestId('class-message').getByText('10분 쉬어요').waitFor();
    await minsu.getByTestId('read-message').click();
    await minsu.getByTestId('class-message').waitFor({ state: 'detached' });
    await staff.getByTestId('pause-all').click();
    await staff.getByTestId('pause-do').click();
    await minsu.getByTestId('veil').waitFor();
    expect(await findings(minsu)).toEqual([]);
    await staff.getByTestId('resume-all').click();
    await minsu.getByTestId('veil').waitFor({ state: 'detached' });
    expect(errors).toEqual([]);
  });

  it('takes a guest by its code when it is open to them', { timeout: 120_000 }, async () => {
    const teacher = await Trainee.signIn(server.url, 'teacher', PASSWORD);
    const made = await teacher.rest<{ id: string; joinCode: string }>('POST', '/api/classes', {
      title: '공개 수업',
      guests: true,
      labIds: ['first-topic'],
    });
    const guest = await window(browser, errors);
    await guest.goto(`${server.url}/join`);
    await guest.getByTestId('join-code-input').fill('AAA-AAA');
    await guest.getByTestId('join-look').click();
    await guest.getByRole('alert').waitFor();
    await guest.getByTestId('join-code-input').fill(made.joinCode.toLowerCase());
    await guest.getByTestId('join-look').click();
    await guest.getByTestId('guest-name').fill('손님 하나');
    expect(await findings(guest)).toEqual([]);
    await guest.getByTestId('join-as-guest').click();
    await guest.getByTestId('lab-first-topic').waitFor();
    await guest.locator('.my-class').getByText('공개 수업').waitFor();
    expect(await guest.locator('.lab-card').count()).toBe(1);
    expect(errors).toEqual([]);
  });
});
