/** A list, pasted or as a file: looked at line by line first, then brought in. */
import type { AccountWithPassword, RosterAnswer, RosterLine } from '@brokerlab/server/contract';
import { Button, FileButton, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import { call, textOf } from '../../api/rest.ts';
import { useLocalized, useTexts } from '../../ui/i18n.ts';
import { notify } from '../../ui/notify.ts';

type Source = { readonly text: string } | { readonly base64: string; readonly name: string };

export function RosterImport(props: {
  classId: string;
  onCreated: (created: readonly AccountWithPassword[]) => void;
}) {
  const t = useTexts();
  const localized = useLocalized();
  const [source, setSource] = useState<Source>({ text: '' });
  const [prefix, setPrefix] = useState('trainee');
  const [looked, setLooked] = useState<RosterAnswer | null>(null);
  const bring = useMutation({
    mutationFn: (dryRun: boolean) => {
      const list = 'text' in source ? { text: source.text } : { base64: source.base64 };
      return call('importRoster', {
        path: { classId: props.classId },
        body: { ...list, prefix: prefix.trim() || 'trainee', dryRun },
      });
    },
    onSuccess: (answer, dryRun) => {
      setLooked(answer);
      if (dryRun) return;
      const added = count(answer, 'new') + count(answer, 'existing');
      notify(t('class.roster.done', { count: added }), { tone: 'ok' });
      props.onCreated(answer.created);
      if (count(answer, 'refused') === 0) change({ text: '' });
    },
  });
  const change = (next: Source): void => {
    setSource(next);
    setLooked(null);
  };
  const take = async (file: File | null | undefined): Promise<void> => {
    if (file) change({ base64: await base64Of(file), name: file.name });
  };
  const drop = (event: DragEvent): void => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void take(file);
  };
  const filled = 'text' in source ? source.text.trim() !== '' : true;
  return (
    <section className="section" aria-label={t('class.roster.add')}>
      <h2>{t('class.roster.add')}</h2>
      <label className="roster-label" htmlFor="roster-text">
        {t('class.roster.paste')}
      </label>
      <textarea
        id="roster-text"
        className="roster-text mono"
        data-testid="roster-text"
        rows={5}
        spellCheck={false}
        placeholder={t('class.roster.placeholder')}
        value={'text' in source ? source.text : source.name}
        readOnly={!('text' in source)}
        onChange={(event) => change({ text: event.currentTarget.value })}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      />
      <p className="quiet-text roster-accepted">{t('class.roster.accepted')}</p>
      <div className="row">
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void take(file)}>
          {(button) => <Button {...button}>{t('class.roster.file')}</Button>}
        </FileButton>
        {!('text' in source) && (
          <Button variant="subtle" color="gray" onClick={() => change({ text: '' })}>
            {t('app.cancel')}
          </Button>
        )}
        <span className="grow" />
        <TextInput
          label={t('class.roster.prefix')}
          value={prefix}
          w={200}
          onChange={(event) => setPrefix(event.currentTarget.value)}
        />
        <Button
          size="sm"
          variant={looked ? 'default' : 'filled'}
          disabled={!filled}
          loading={bring.isPending && bring.variables}
          data-testid="roster-check"
          onClick={() => bring.mutate(true)}
        >
          {t('class.roster.check')}
        </Button>
        {looked && looked.created.length === 0 && (
          <Apply looked={looked} pending={bring.isPending} onApply={() => bring.mutate(false)} />
        )}
      </div>
      {bring.error && (
        <p role="alert" className="class-error">
          {localized(textOf(bring.error))}
        </p>
      )}
      {looked && <Lines looked={looked} />}
    </section>
  );
}

function Apply(props: { looked: RosterAnswer; pending: boolean; onApply: () => void }) {
  const t = useTexts();
  const adding = count(props.looked, 'new') + count(props.looked, 'existing');
  return (
    <Button
      size="sm"
      variant="filled"
      disabled={adding === 0}
      loading={props.pending}
      data-testid="roster-apply"
      onClick={props.onApply}
    >
      {adding === 0 ? t('class.roster.nothing') : t('class.roster.apply', { count: adding })}
    </Button>
  );
}

function Lines({ looked }: { looked: RosterAnswer }) {
  const t = useTexts();
  const localized = useLocalized();
  // What needs a hand comes first.
  const lines = [...looked.lines].sort((one, other) => rank(one) - rank(other) || one.line - other.line);
  return (
    <div className="roster-lines table-scroll">
      <p role="status" className="roster-summary">
        {t('class.roster.summary', {
          created: count(looked, 'new'),
          existing: count(looked, 'existing'),
          already: count(looked, 'already'),
          refused: count(looked, 'refused'),
        })}
        {looked.encoding !== 'text' && <span className="quiet-text"> · {looked.encoding.toUpperCase()}</span>}
      </p>
      <table className="table">
        <thead>
          <tr>
            <th style={{ width: 48 }}>{t('class.roster.line')}</th>
            <th>{t('class.roster.name')}</th>
            <th>{t('class.roster.account')}</th>
            <th style={{ width: 110 }} />
            <th />
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.line} data-outcome={line.outcome}>
              <td className="quiet-text">{line.line}</td>
              <td className="class-name">{line.displayName}</td>
              <td className="mono">{line.account}</td>
              <td>
                <span className="roster-outcome" data-outcome={line.outcome}>
                  {line.outcome === 'refused' ? '✕ ' : ''}
                  {t(`class.roster.outcome.${line.outcome}`)}
                </span>
              </td>
              <td className="quiet-text roster-note">{line.note && localized(line.note)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rank({ outcome, note }: RosterLine): number {
  if (outcome === 'refused') return 0;
  return note ? 1 : 2;
}

function count(answer: RosterAnswer, outcome: RosterLine['outcome']): number {
  return answer.lines.filter((line) => line.outcome === outcome).length;
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.slice(0, 200_000).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
