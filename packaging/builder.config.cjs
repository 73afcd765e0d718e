/** electron-builder: what is in a package, and which packages each system gets. `scripts/package.mjs` starts it. */
const { join } = require('node:path');

const runtime = process.env.FACET_PACKAGE_RUNTIME;
/** Libraries of the page, which are in its bundle. */
const leftOut = JSON.parse(process.env.FACET_PACKAGE_LEFT_OUT ?? '[]');
const standIn = process.env.FACET_PACKAGE_OFFICIAL === '' ? '-stand-in-runtime' : '';

/** A placeholder of electron-builder's own. */
const of = (name) => `$\u007b${name}}`;
const runtimes = '!**/node_modules/onnxruntime-node/bin/napi-v*';

module.exports = {
  appId: 'org.facet.workbench',
  productName: 'Facet',
  copyright: 'MIT licence',
  directories: { output: process.env.FACET_PACKAGE_OUT ?? 'dist', buildResources: join(__dirname, 'assets') },
  // The runtime that the set-up found; nothing is fetched for it.
  ...(runtime ? { electronDist: runtime, electronVersion: process.env.FACET_PACKAGE_RUNTIME_VERSION } : {}),
  artifactName: `Facet-${of('version')}-${of('os')}-${of('arch')}${standIn}.${of('ext')}`,
  npmRebuild: false,
  nodeGypRebuild: false,
  asar: true,
  // Native parts and what they read themselves lie outside the archive.
  asarUnpack: ['**/*.node', '**/onnxruntime-node/bin/**', '**/*.wasm', 'resources/**'],
  files: [
    'out/main/**',
    'out/preload/**',
    'out/renderer/**',
    'resources/**',
    'package.json',
    'LICENSE',
    ...leftOut.map((name) => `!node_modules/${name}/**`),
    '!**/*.map',
    '!**/*.d.ts',
    '!**/*.ts',
    '!**/node_modules/**/{test,tests,__tests__,docs,example,examples}/**',
    '!**/node_modules/**/*.{md,markdown,flow}',
    // Engines in the main process read one bundle of each; the GPU build of TensorFlow is fetched on demand.
    '!**/node_modules/@tensorflow/tfjs-node-gpu/**',
    '!**/node_modules/better-sqlite3/{deps,src}/**',
    `${runtimes}/!(${of('platform')})/**`,
    `${runtimes}/${of('platform')}/!(${of('arch')})/**`,
  ],
  fileAssociations: [
    { ext: 'facet', name: 'Facet project', mimeType: 'application/x-facet', role: 'Editor' },
  ],
  electronFuses: {
    // Imports, indexes and readers are processes of Node, and `bin/facet` is the shell.
    runAsNode: true,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    // deb and rpm are made of the same folder by `scripts/lib/linuxPackages.mjs`.
    target: ['AppImage'],
    category: 'Science',
    synopsis: 'Align language models with preferences',
    icon: join(__dirname, '..', 'resources', 'icon.png'),
    extraFiles: [{ from: 'packaging/assets/linux/facet-shell', to: 'bin/facet' }],
    maintainer: 'The Facet developers',
    executableName: 'facet',
  },
  win: { target: ['nsis', 'portable'], icon: join(__dirname, '..', 'resources', 'icon.png') },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: {
    target: [
      { target: 'dmg', arch: ['arm64', 'x64'] },
      { target: 'zip', arch: ['arm64', 'x64'] },
    ],
    category: 'public.app-category.developer-tools',
    icon: join(__dirname, '..', 'resources', 'icon.png'),
    // On the other systems they stand beside the program anyhow.
    extraResources: runtime
      ? [
          { from: join(runtime, 'LICENSE'), to: 'LICENSE.electron.txt' },
          { from: join(runtime, 'LICENSES.chromium.html'), to: 'LICENSES.chromium.html' },
        ]
      : [],
  },
};
