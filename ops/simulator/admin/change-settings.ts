import { settingsSchema } from '#simulator/settings.js';
import { readJson } from './read-json.js';
import type { AdminRequest, AdminTools } from './tools.js';

/** Changes the settings that are named and returns all of them. */
export function changeSettings({ world }: AdminTools, request: AdminRequest) {
  return Object.assign(world.settings, settingsSchema.partial().parse(readJson(request)));
}
