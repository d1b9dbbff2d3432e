// How Jest runs a test file: Jest's own runner, but with the modules of the build folder. The test file and the helpers that
// register hooks or tests are evaluated anew for each file; everything else is imported as Node.js does, once for all files of a
// worker. Loading the product anew for each file took more processor time than all tests together.
import './quick-bcrypt.js';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { recordCost } from './record-cost.js';

const require = createRequire(import.meta.url);
const { default: runTests } = require('jest-circus/runner');

const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(root, 'dist');
/** What is evaluated for each test file: tests, and the helpers that may use `@jest/globals`. */
const OF_A_TEST_FILE = /\.test\.js$|\/(?:ops\/testing|gateway\/e2e)\/|\/describe-[\w-]+\.js$/;

function synthetic(exports, identifier) {
  const names = Object.keys(exports);
  return new vm.SyntheticModule(
    names,
    function evaluate() {
      for (const name of names) this.setExport(name, exports[name]);
    },
    { identifier },
  );
}

/** Loads the modules of one test file. */
class ModuleLoader {
  #modules = new Map();
  #jestGlobals;

  constructor(jestGlobals) {
    this.#jestGlobals = jestGlobals;
  }

  /** Evaluates a module and returns it. */
  async evaluate(specifier, parent) {
    const module = await this.#resolve(specifier, parent);
    if (module.status === 'unlinked') await module.link((each, { identifier }) => this.#resolve(each, identifier));
    await module.evaluate();
    return module;
  }

  #resolve(specifier, parent) {
    if (specifier.startsWith('.')) return this.#load(join(dirname(parent), specifier));
    return this.#load(specifier.startsWith('#') ? fileURLToPath(import.meta.resolve(specifier)) : specifier);
  }

  #load(name) {
    const loading = this.#modules.get(name) ?? this.#make(name);
    this.#modules.set(name, loading);
    return loading;
  }

  async #make(name) {
    if (name === '@jest/globals') return synthetic(this.#jestGlobals(), name);
    if (!isAbsolute(name)) return synthetic(await import(name), name);
    if (!OF_A_TEST_FILE.test(name)) return synthetic(await import(pathToFileURL(name).href), name);
    return new vm.SourceTextModule(await readFile(name, 'utf8'), {
      identifier: name,
      initializeImportMeta: (meta) => {
        meta.filename = join(root, relative(dist, name)).replace(/\.js$/, '.ts');
        meta.dirname = dirname(meta.filename);
        meta.url = pathToFileURL(meta.filename).href;
      },
      importModuleDynamically: (specifier) => this.evaluate(specifier, name),
    });
  }
}

/** The functions of `jest` that work without Jest's own module loader. */
function jestObject({ moduleMocker, fakeTimersModern: timers }) {
  return {
    fn: moduleMocker.fn.bind(moduleMocker),
    spyOn: moduleMocker.spyOn.bind(moduleMocker),
    restoreAllMocks: moduleMocker.restoreAllMocks.bind(moduleMocker),
    useFakeTimers: timers.useFakeTimers.bind(timers),
    useRealTimers: timers.useRealTimers.bind(timers),
    setSystemTime: timers.setSystemTime.bind(timers),
    advanceTimersByTimeAsync: timers.advanceTimersByTimeAsync.bind(timers),
    getTimerCount: timers.getTimerCount.bind(timers),
  };
}

export default function runTestFile(globalConfig, config, environment, _runtime, testPath, sendMessageToJest) {
  let globals = {};
  const loader = new ModuleLoader(() => ({ ...globals, jest: jestObject(environment) }));
  const runtime = {
    // Jest's framework keeps what it knows of a file in its module and in one global list.
    requireInternalModule(path) {
      delete globalThis[Symbol.for('EVENT_HANDLERS')];
      delete require.cache[path];
      return require(path);
    },
    requireModule: require,
    setGlobalsForRuntime: (value) => {
      globals = value;
    },
    unstable_shouldLoadAsEsm: () => true,
    unstable_importModule: (path) => loader.evaluate(join(dist, relative(root, path)).replace(/\.ts$/, '.js')),
    enterTestCode() {},
    leaveTestCode() {},
  };
  return recordCost(relative(root, testPath), () =>
    runTests(globalConfig, config, environment, runtime, testPath, sendMessageToJest),
  );
}
