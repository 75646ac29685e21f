/** Whether the person has a touch screen; may change while the page is open (a tablet is docked). */
import { useSyncExternalStore } from 'react';

const coarse = matchMedia('(any-pointer: coarse)');

export function useTouch(): boolean {
  return useSyncExternalStore(subscribe, () => coarse.matches);
}

function subscribe(listener: () => void): () => void {
  coarse.addEventListener('change', listener);
  return () => coarse.removeEventListener('change', listener);
}
