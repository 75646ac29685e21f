/** What happens once the server knows who is here: forget the page of before, take the account's preferences, go on. */
import { useNavigate, useRouter } from '@tanstack/react-router';
import { forgetEverything } from '../../api/queries.ts';

export function useEnter(): (to?: string) => Promise<void> {
  const router = useRouter();
  const navigate = useNavigate();
  return async (to = '/') => {
    await forgetEverything();
    await router.invalidate();
    await navigate({ to, replace: true });
  };
}
