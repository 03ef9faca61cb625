/** Builds a PDF with a signed C2PA manifest store that is bound to its bytes. */

import {
  AuthorityKeyIdentifierExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { LocalSigner } from '@trustnxt/c2pa-ts/cose';
import { DataHashAssertion, ManifestStore } from '@trustnxt/c2pa-ts/manifest';

const es256 = -7;
const emailProtection = '1.3.6.1.5.5.7.3.4';

/** @param place of the store: embedded in the document, or attached to the page like in certified documents */
export async function pdfWithManifest(text: string, place: 'document' | 'page' = 'document'): Promise<Uint8Array> {
  const store = new ManifestStore();
  const signer = await createSigner();
  const manifest = store.createManifest({
    assetFormat: 'application/pdf',
    instanceID: 'xmp:iid:7d1f4a4e-0f0c-4b77-9d3b-0e6f1c1f9a11',
    defaultHashAlgorithm: 'SHA-256',
    signer,
  });
  const binding = DataHashAssertion.create('SHA-256');
  manifest.addAssertion(binding);
  const length = store.measureSize();
  const { file, start } = pdf(text, place, length);
  await binding.updateWithAsset(asset(file, { start, length }));
  await manifest.sign(signer);
  file.set(store.getBytes(), start);
  return file;
}

async function createSigner() {
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '07',
    name: 'CN=Test',
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2049-01-01'),
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([emailProtection]),
      await AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return new LocalSigner(new Uint8Array(await crypto.subtle.exportKey('pkcs8', keys.privateKey)), es256, certificate);
}

/** A page with a line of text and `length` bytes reserved for the store. */
function pdf(text: string, place: 'document' | 'page', length: number): { file: Uint8Array; start: number } {
  const drawn = `BT /F 12 Tf 60 740 Td (${text}) Tj ET`;
  const spec = '/AFRelationship/C2PA_Manifest/F(manifest.c2pa)/UF(manifest.c2pa)/EF<</F 6 0 R/UF 6 0 R>>';
  const names = place === 'document' ? '/Names<</EmbeddedFiles<</Names[(manifest.c2pa) 7 0 R]>>>>' : '';
  const notes = place === 'page' ? '/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 0 0]/FS 7 0 R>>]' : '';
  const objects = [
    `<</Type/Catalog/Pages 2 0 R/AF[7 0 R]${names}>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R${notes}>>`,
    `<</Length ${drawn.length}>>stream\n${drawn}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    `<</Type/EmbeddedFile/Subtype/application#2Fc2pa/Length ${length}>>stream\n${' '.repeat(length)}\nendstream`,
    `<</Type/Filespec${spec}>>`,
  ];
  let file = '%PDF-2.0\n';
  let start = 0;
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    const head = `${index + 1} 0 obj\n`;
    if (index === 5) start = offset + head.length + object.indexOf('stream\n') + 'stream\n'.length;
    file += `${head}${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const trailer = `trailer <</Size 8/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return { file: Buffer.from(`${file}xref\n0 8\n0000000000 65535 f \n${offsets.join('')}${trailer}`, 'latin1'), start };
}

function asset(file: Uint8Array, exclusion: { start: number; length: number }) {
  return {
    mimeType: 'application/pdf',
    getDataLength: () => file.length,
    getDataRange: async (start = 0, length = file.length - start) =>
      file.subarray(start, start + length) as Uint8Array<ArrayBuffer>,
    getManifestJUMBF: () => undefined,
    dumpInfo: () => '',
    ensureManifestSpace: async () => {},
    getHashExclusionRange: () => exclusion,
    writeManifestJUMBF: async () => {},
  };
}
