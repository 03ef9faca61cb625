/** Finds the C2PA manifest store of a PDF and checks whether the file matches it. */
import { createHash } from 'node:crypto';
import type { CarriedManifest } from '../../provenance/verification.ts';
import { openPdf } from './pdf/open-pdf.ts';

/** Larger attachments are no manifest; real ones hold kilobytes. */
const largestStore = 16 * 1024 * 1024;

/**
 * Reads the manifest of a PDF, the only supported format that carries one: as an embedded file, or as a file attached to a page
 * of a document that was certified before (C2PA 2.2, "Embedding manifests into PDFs"). Attachments are inflated, so untrusted
 * files go through `readManifest` of `parser-pool.ts`.
 * @returns null where there is none; of several the last, which is the active one
 */
export async function carriedManifest(bytes: Uint8Array): Promise<CarriedManifest | null> {
  const store = (await attachedFiles(bytes)).findLast(isManifestStore);
  if (store === undefined) return null;
  return { sha256: createHash('sha256').update(store).digest('hex'), holds: await holds(store, bytes) };
}

/** Empty where the PDF cannot be opened: the reader of its text reports why. */
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
      if (content instanceof Uint8Array && content.length <= largestStore) files.push(new Uint8Array(content));
    }
    return files;
  } catch {
    return [];
  } finally {
    await loading.destroy();
  }
}

/** A JUMBF superbox that begins with the description `c2pa`: recognised by its content, because its file may have any name. */
function isManifestStore(file: Uint8Array): boolean {
  const head = Buffer.from(file.subarray(0, 40)).toString('latin1');
  return head.slice(4, 8) === 'jumb' && head.slice(12, 20) === 'jumdc2pa';
}

/** Checks hashes and signature. Whether the signer is trusted, and signed in time, is a decision of the operator. */
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
    // The library does not compare the file once it distrusts the signer, so the hard bindings are validated separately.
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
