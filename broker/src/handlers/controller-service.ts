/** The active controller as handlers of the controller listener see it. */
import type { ControllerApi, ControllerApis } from '../controller/controller.ts';

export interface ControllerService {
  readonly isActive: boolean;
  /** Decides, and resolves once what was decided is committed. Rejects with NotControllerError. */
  submit<K extends ControllerApi>(api: K, request: ControllerApis[K][0]): Promise<ControllerApis[K][1]>;
}

export class NotControllerError extends Error {
  override readonly name = 'NotControllerError';
  constructor() {
    super('this node is not the active controller');
  }
}
