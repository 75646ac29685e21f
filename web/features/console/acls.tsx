/** Who may do what; a cluster without an authorizer says so. */
import type { ConsoleAcls } from '@brokerlab/server/contract';
import { useTexts } from '../../ui/i18n.ts';
import { Empty, Failure, Loading } from '../../ui/states.tsx';
import { CommandLine } from './command-line.tsx';
import { commands } from './commands.ts';
import { type Column, SortedTable } from './parts.tsx';
import { usePlace, useRead } from './use-console.ts';

type Acl = NonNullable<ConsoleAcls['acls']>[number];
const keys = [
  'resourceType',
  'resourceName',
  'patternType',
  'principal',
  'host',
  'operation',
  'permission',
] as const;

export function AclsView() {
  const t = useTexts();
  const { bootstrap } = usePlace();
  const acls = useRead('consoleAcls', {}, { everyMs: 10_000 });
  const columns = keys.map((key): Column<Acl> => {
    return { key, title: t(`console.acls.${key}`), by: (acl) => acl[key], cell: (acl) => acl[key] };
  });
  return (
    <>
      <h2 className="console-title">{t('console.views.acls')}</h2>
      {acls.isPending && <Loading />}
      {acls.error && (
        <Failure title={t('console.failed')} error={acls.error} retry={() => void acls.refetch()} />
      )}
      {acls.data?.acls === null && (
        <Empty title={t('console.acls.none')}>
          <p>{t('console.acls.noneHint')}</p>
          <p className="mono">{acls.data.message}</p>
        </Empty>
      )}
      {acls.data?.acls?.length === 0 && <Empty title={t('console.acls.empty')} />}
      {acls.data?.acls && acls.data.acls.length > 0 && (
        <SortedTable
          label={t('console.views.acls')}
          columns={columns}
          rows={acls.data.acls}
          keyOf={(acl) => keys.map((key) => acl[key]).join('/')}
        />
      )}
      <CommandLine command={commands.acls(bootstrap)} />
    </>
  );
}
