// What Jest runs tests in: its environment for Node, in a context whose global object is an ordinary one. The one Jest
// makes asks a proxy in JavaScript each time a test, or any package it loads, as much as names `Math` or `Promise`.
import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

export default class PlainEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
