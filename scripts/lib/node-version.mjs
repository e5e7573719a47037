// Imported first by every script, for its effect: an old Node would otherwise stop at a syntax error deep in a package.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `Memwell needs Node 20.19 or newer; this is Node ${process.versions.node}. ` +
      "Install a newer one (https://nodejs.org, or `nvm install 24`) and run the same command again.",
  );
  process.exit(1);
}
