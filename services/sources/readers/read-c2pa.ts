/** Finds the C2PA manifest store that a file carries, and whether the file is what the manifest says. */
import { createHash } from 'node:crypto';
import type { CarriedManifest } from '../../provenance/verification.ts';
import type { Format } from './formats.ts';
import { openPdf } from './pdf/open-pdf.ts';

/**
 * Of the formats that are taken in, PDF carries manifests: as an embedded file, or as a file attached to a page where the
 * document was certified before (C2PA 2.2, "Embedding manifests into PDFs").
 * @returns null where there is none; of several the last, which is the active one
 */
export async function carriedManifest(format: Format | undefined, bytes: Uint8Array): Promise<CarriedManifest | null> {
  if (format !== 'pdf') return null;
  const store = (await attachedFiles(bytes)).findLast(isManifestStore);
  if (store === undefined) return null;
  return { sha256: createHash('sha256').update(store).digest('hex'), holds: await holds(store, bytes) };
}

/** None where the PDF cannot be opened: who reads its text says why. */
async function attachedFiles(bytes: Uint8Array): Promise<readonly Uint8Array[]> {
  const loading = await openPdf(bytes);
  try {
    const document = await loading.promise;
    const ids = new Set((await document.getAttachments())?.keys());
    for (let number = 1; number <= document.numPages; number++) {
      const page = await document.getPage(number);
      for (const { fileId } of await page.getAnnotations()) if (typeof fileId === 'string') ids.add(fileId);
      page.cleanup();
    }
    const files: Uint8Array[] = [];
    for (const id of ids) {
      const content: unknown = await document.getAttachmentContent(id);
      if (content instanceof Uint8Array) files.push(new Uint8Array(content));
    }
    return files;
  } catch {
    return [];
  } finally {
    await loading.destroy();
  }
}

/** A JUMBF superbox that begins with the description `c2pa`: known by what it is, because its file may have any name. */
function isManifestStore(file: Uint8Array): boolean {
  const head = Buffer.from(file.subarray(0, 40)).toString('latin1');
  return head.slice(4, 8) === 'jumb' && head.slice(12, 20) === 'jumdc2pa';
}

/** Hashes and signature are checked; whether the signer deserves trust, and was in time, is for people to say. */
async function holds(store: Uint8Array, bytes: Uint8Array): Promise<boolean> {
  const [{ SuperBox }, { ManifestStore }] = await Promise.all([
    import('@trustnxt/c2pa-ts/jumbf'),
    import('@trustnxt/c2pa-ts/manifest'),
  ]);
  try {
    const manifests = ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(store)));
    const active = manifests.getActiveManifest();
    if (active === undefined) return false;
    const asset = asAsset(bytes);
    // The library leaves the file unread once it distrusts the signer, so it is asked about the file separately.
    const results = [await active.validate(asset)];
    for (const binding of active.assertions?.getHardBindings() ?? []) {
      results.push(await binding.validateAgainstAsset(asset));
    }
    return !results.some(({ statusEntries }) =>
      statusEntries.some(({ code, success }) => success === false && /\.(mismatch|missing|malformed)$/.test(code)),
    );
  } catch {
    return false;
  }
}

function asAsset(bytes: Uint8Array) {
  const readOnly = () => {
    throw new Error('the file is only read');
  };
  return {
    mimeType: 'application/pdf',
    getDataLength: () => bytes.length,
    getDataRange: async (start = 0, length = bytes.length - start) =>
      bytes.subarray(start, start + length) as Uint8Array<ArrayBuffer>,
    getManifestJUMBF: () => undefined,
    dumpInfo: () => '',
    ensureManifestSpace: readOnly,
    getHashExclusionRange: readOnly,
    writeManifestJUMBF: readOnly,
  };
}
