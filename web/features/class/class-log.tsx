/** Who did what in this class. */
import { call } from '../../api/rest.ts';
import { AuditLog } from '../../ui/audit-log.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { whatWas } from './log-words.ts';

export function ClassLog({ classId }: { classId: string }) {
  const t = useTexts();
  return (
    <AuditLog
      title={t('class.log.title')}
      queryKey={['classes', classId, 'log']}
      read={(options) => call('readClassAudit', { path: { classId }, ...options })}
      what={(entry) => whatWas(entry, t)}
    />
  );
}
