/** Who did what in this class. */
import { call } from '../../api/rest.ts';
import { AuditLog } from '../../ui/audit-log.tsx';
import { useTexts } from '../../ui/i18n.ts';
import { classKo } from '../../ui/texts/class-ko.ts';

type KnownAction = keyof typeof classKo.log.actions;

export function ClassLog({ classId }: { classId: string }) {
  const t = useTexts();
  return (
    <AuditLog
      title={t('class.log.title')}
      queryKey={['classes', classId, 'log']}
      read={(options) => call('readClassAudit', { path: { classId }, ...options })}
      what={({ action }) => {
        const key = action.replace('.', '_');
        return key in classKo.log.actions ? t(`class.log.actions.${key as KnownAction}`) : action;
      }}
    />
  );
}
