/** Who else of the staff is at a trainee, and doing what. */
import type { LiveRow } from '@brokerlab/server/contract';
import { useSession } from '../../../api/queries.ts';
import { useTexts } from '../../../ui/i18n.ts';

export function StaffThere({ row }: { row: LiveRow }) {
  const t = useTexts();
  const own = useSession()?.me?.displayName;
  const others = row.staff.filter(({ name, doing }) => name !== own || doing !== null);
  if (others.length === 0) return null;
  const words = others.map(({ name, doing }) => `${name}: ${t(`class.live.doing.${doing ?? 'look'}`)}`);
  return (
    <span className="staff-there" role="status" data-testid="staff-there">
      {[...new Set(words)].join(' · ')}
    </span>
  );
}
