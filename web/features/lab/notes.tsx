/** The trainee's own notes of a lab, kept in this browser. */
import { Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../ui/i18n.ts';

const charactersMax = 20_000;

export function Notes({ labId }: { labId: string }) {
  const t = useTexts();
  const key = `brokerlab.notes.${labId}`;
  const [text, setText] = useState(() => read(key));
  return (
    <details className="notes">
      <summary>
        {t('lab.notes')}
        {text.trim() !== '' && <span aria-hidden="true"> ·</span>}
      </summary>
      <Textarea
        aria-label={t('lab.notes')}
        description={t('lab.notesHint')}
        placeholder={t('lab.notesPlaceholder')}
        rows={6}
        resize="vertical"
        maxLength={charactersMax}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          write(key, event.currentTarget.value);
        }}
      />
    </details>
  );
}

function read(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // A full or forbidden storage: the text stays until the page is closed.
  }
}
