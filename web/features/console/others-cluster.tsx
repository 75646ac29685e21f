/** That it is a trainee's cluster, and that their answer is waited for. */
import { useIsMutating } from '@tanstack/react-query';
import { useTexts } from '../../ui/i18n.ts';

export function OthersCluster() {
  const t = useTexts();
  const isActing = useIsMutating() > 0;
  return (
    <span className="console-others" data-acting={isActing} role="status" data-testid="others-cluster">
      {t(isActing ? 'class.live.waitingConsent' : 'console.others')}
    </span>
  );
}
