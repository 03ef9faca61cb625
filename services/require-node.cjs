// Stops with one plain line when the Node that runs us cannot run TypeScript as it is.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `rag-observatory needs Node 24, and this is ${process.versions.node}. Run "npm ci" again without --omit=optional: it installs Node 24 inside node_modules, and the npm scripts use that one.`,
  );
  process.exit(1);
}
