/** Whether answers may use a document: its licence or its owner must permit it. */
import { type License, licenses } from './license.ts';

/** What a licence grants by itself, without a permission. */
type Grant = 'any use' | 'non-commercial use' | 'nothing';

export const grants: Readonly<Record<License, Grant>> = {
  public_domain: 'any use',
  mit: 'any use',
  apache_2_0: 'any use',
  cc_by: 'any use',
  cc_by_sa: 'any use',
  cc_by_nc: 'non-commercial use',
  cc_by_nc_sa: 'non-commercial use',
  proprietary: 'nothing',
  all_rights_reserved: 'nothing',
};

type Rights = {
  /** The rights holder permits the use; null: not stated. */
  readonly permission: boolean | null;
  /** Null: not stated, which leaves all rights reserved. */
  readonly license: License | null;
};

/** @param commercialUse whether this service is run for commercial advantage */
export function mayUse({ permission, license }: Rights, commercialUse: boolean): boolean {
  return permission === true || (license !== null && licensesThatGrantUse(commercialUse).includes(license));
}

/** Those whose content is used without a permission. */
export function licensesThatGrantUse(commercialUse: boolean): readonly License[] {
  return licenses.filter(
    (license) => grants[license] === 'any use' || (grants[license] === 'non-commercial use' && !commercialUse),
  );
}
