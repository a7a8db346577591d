// Plain JavaScript, so that an older Node can read it and say what is wrong instead of failing on the first type.
const WANTED = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major < WANTED && process.env.npm_lifecycle_event === 'prepare') {
  // An install without devDependencies has no Node of its own here; what it installs for may have.
  console.error(
    `Nothing was generated: that takes Node ${WANTED}, and this is ${process.version}. Run "npm run generate" on it.`,
  );
  process.exit(0);
}
if (major < WANTED) {
  console.error(
    `Tenantry runs on Node ${WANTED}; this is ${process.version}. "npm install" brings the right one for npm scripts: start with "npm start".`,
  );
  process.exit(1);
}
const [, , script, ...rest] = process.argv;
process.argv = [process.argv[0], script, ...rest];
await import(new URL(script, import.meta.url).href);
