/** Messages that need no answer; shown at the corner and read out by screen readers. */
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { textOf } from '../api/rest.ts';
import { pick } from './i18n.ts';
import { preferences } from './preferences.ts';

export function notify(
  message: string,
  options: { title?: string; tone?: 'info' | 'ok' | 'warn' | 'bad' } = {},
): void {
  const color = { info: 'blue', ok: 'green', warn: 'orange', bad: 'red' }[options.tone ?? 'info'];
  notifications.show({
    message,
    color,
    ...(options.title ? { title: options.title } : {}),
    withBorder: true,
    closeButtonProps: { 'aria-label': i18next.t('app.close') },
  });
}

export function notifyError(error: unknown): void {
  notify(pick(textOf(error), preferences.get().language), { tone: 'bad' });
}
