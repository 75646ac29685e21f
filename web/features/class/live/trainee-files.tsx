/** A trainee's files, to read. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/rest.ts';
import { formatBytes } from '../../../ui/format.ts';
import { useTexts } from '../../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../../ui/states.tsx';
import { useLab } from '../../lab/lab-context.tsx';
import { useLive } from './live-context.tsx';

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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <pre className="look-content" tabIndex={0}>
      {content.data.content}
    </pre>
  );
}
