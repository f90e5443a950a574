import { AddressGuard as Guard } from '../../config/address-guard.ts';
import { NotGot } from '../errors.ts';

/** Which addresses the crawler may connect to; the others are `NotGot` `address-blocked`. */
export class AddressGuard extends Guard {
  constructor(allowPrivateHosts: readonly string[], resolve?: ConstructorParameters<typeof Guard>[2]) {
    super(allowPrivateHosts, () => new NotGot('address-blocked'), resolve);
  }
}
