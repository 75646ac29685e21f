/** A trainee's files, to read; and to change, with their consent. */
import type { FileContent } from '@brokerlab/server/contract';
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/rest.ts';
import { formatBytes } from '../../../ui/format.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { notify, notifyError } from '../../../ui/notify.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { useLab } from '../../lab/lab-context.tsx';
import { useLive } from './live-context.tsx';

/** Longer than the trainee is given to answer. */
const consentMs = 75_000;

export function TraineeFiles({ accountId }: { accountId: string }) {
  const t = useTexts();
  const { classId } = useLive();
  const { session } = useLab();
  const { labId } = session;
  const path = { classId, accountId, labId };
  const [chosen, setChosen] = useState<string | null>(null);
  const tree = useQuery({
    queryKey: ['classes', classId, 'trainee', accountId, labId, 'files'],
    queryFn: ({ signal }) => call('listTraineeFiles', { path, signal }),
  });
  if (tree.isPending) return <Loading />;
  if (tree.error) {
    return <Failure title={t('app.unreachable')} error={tree.error} retry={() => void tree.refetch()} />;
  }
  const files = tree.data.entries.filter(({ kind }) => kind === 'file');
  if (files.length === 0) return <Empty title={t('editor.empty')} />;
  return (
    <div className="look-files">
      <ul aria-label={t('editor.tree')}>
        {files.map((file) => (
          <li key={file.path}>
            <button type="button" aria-pressed={chosen === file.path} onClick={() => setChosen(file.path)}>
              <span className="mono">{file.path}</span>
              <span className="quiet-text">{formatBytes(file.bytes)}</span>
            </button>
          </li>
        ))}
      </ul>
      {chosen === null ? (
        <Empty title={t('editor.pick')} />
      ) : (
        <Content key={chosen} path={path} file={chosen} />
      )}
    </div>
  );
}

function Content(props: { path: Readonly<Record<string, string>>; file: string }) {
  const t = useTexts();
  const [draft, setDraft] = useState<string | null>(null);
  const content = useQuery({
    queryKey: [
      'classes',
      props.path.classId,
      'trainee',
      props.path.accountId,
      props.path.labId,
      'file',
      props.file,
    ],
    queryFn: ({ signal }) =>
      call('readTraineeFile', { path: props.path, query: { path: props.file }, signal }),
  });
  if (content.isPending) return <Loading />;
  if (content.error) {
    return <Failure title={props.file} error={content.error} retry={() => void content.refetch()} />;
  }
  if (draft !== null) {
    return (
      <FileDraft
        {...props}
        base={content.data}
        draft={draft}
        onDraft={setDraft}
        onDone={() => {
          setDraft(null);
          void content.refetch();
        }}
      />
    );
  }
  return (
    <div className="look-file">
      <Button data-testid="edit-file" onClick={() => setDraft(content.data.content)}>
        {t('class.live.edit')}
      </Button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre className="look-content" tabIndex={0}>
        {content.data.content}
      </pre>
    </div>
  );
}

function FileDraft(props: {
  path: Readonly<Record<string, string>>;
  file: string;
  base: FileContent;
  draft: string;
  onDraft: (draft: string) => void;
  onDone: () => void;
}) {
  const t = useTexts();
  const { path, file, base, draft, onDone } = props;
  const save = useMutation({
    mutationFn: () =>
      call('saveTraineeFile', {
        path,
        body: { path: file, content: draft, baseVersion: base.version },
        timeoutMs: consentMs,
      }),
    onSuccess: () => {
      notify(t('class.live.fileSaved'), { tone: 'ok' });
      onDone();
    },
    onError: notifyError,
  });
  return (
    <div className="look-file">
      <div className="look-file-bar">
        <Button
          variant="filled"
          data-testid="save-file"
          loading={save.isPending}
          disabled={draft === base.content}
          onClick={() => save.mutate()}
        >
          {t('class.live.editDo')}
        </Button>
        <Button disabled={save.isPending} onClick={onDone}>
          {t('app.cancel')}
        </Button>
        <span className="quiet-text" role="status">
          {t(save.isPending ? 'class.live.waitingConsent' : 'class.live.editHint')}
        </span>
      </div>
      <textarea
        className="look-content"
        aria-label={file}
        data-testid="file-draft"
        spellCheck={false}
        readOnly={save.isPending}
        value={draft}
        onChange={(event) => props.onDraft(event.currentTarget.value)}
      />
    </div>
  );
}
