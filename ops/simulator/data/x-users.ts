import { people } from '#simulator/oauth/people.js';
import { dayOf } from './calendar.js';
import { seedOf } from './seeded-number.js';

export interface XUser {
  id: string;
  username: string;
  name: string;
  createdAt: string;
  description: string;
  location: string;
  url: string | null;
  seed: number;
  followers: number;
  following: number;
  /** Posts per day from Sunday to Saturday, in percent. */
  week: readonly number[];
  firstDay: number;
  /** Impressions of a good post. */
  reach: number;
  /** Percent of posts that mention `@northwind_hq`. */
  mentions: number;
}

type Profile = Omit<XUser, 'id' | 'seed' | 'firstDay'> & { firstDay: string };

const NOBODY = [0, 0, 0, 0, 0, 0, 0];

const profiles: Record<string, Profile> = {
  nora: {
    username: 'northwind_hq',
    name: 'Northwind Outdoor 🏔️',
    createdAt: '2016-03-14T08:30:00.000Z',
    description: 'Boots, tents and good maps. Tours für alle · ノースウインド',
    location: 'Göteborg',
    url: 'https://t.co/NorthwindX',
    followers: 48_210,
    following: 312,
    week: [40, 130, 150, 160, 150, 130, 50],
    firstDay: '2024-11-20',
    reach: 2_600,
    mentions: 0,
  },
  emil: {
    username: 'emil_holm',
    name: 'Emil Holm',
    createdAt: '2021-07-01T12:00:00.000Z',
    description: '',
    location: '',
    url: null,
    followers: 3,
    following: 41,
    week: NOBODY,
    firstDay: '2024-11-20',
    reach: 0,
    mentions: 0,
  },
  rita: {
    username: 'ritas_flowers',
    name: "Rita's Flowers",
    createdAt: '2019-02-14T09:00:00.000Z',
    description: 'Fresh flowers, every day 🌷',
    location: 'Chicago',
    url: null,
    followers: 910,
    following: 120,
    week: [0, 20, 20, 20, 20, 60, 40],
    firstDay: '2025-04-01',
    reach: 400,
    mentions: 0,
  },
  vera: {
    username: 'stein_and_co',
    name: 'Stein & Co',
    createdAt: '2015-09-01T09:00:00.000Z',
    description: 'Twenty brands',
    location: 'Berlin',
    url: null,
    followers: 12_400,
    following: 80,
    week: [100, 200, 200, 200, 200, 200, 100],
    firstDay: '2024-11-20',
    reach: 900,
    mentions: 0,
  },
};

const customers: readonly (Profile & { id: string })[] = [
  customer('1402233445566778881', 'tara_trails', 'Tara on trails', 70, 30),
  customer('1402233445566778883', 'olaf_outdoors', 'Olaf', 40, 45),
];

/** One per person, and two customers who mention the first. */
export const xUsers: readonly XUser[] = [
  ...people.map((person) => userOf(person.xId, profiles[person.id] ?? strangerProfile(person.id))),
  ...customers.map((profile) => userOf(profile.id, profile)),
];

const byId = new Map(xUsers.map((user) => [user.id, user]));
const byUsername = new Map(xUsers.map((user) => [user.username.toLowerCase(), user]));

/** Finds an account by id. */
export function findXUser(id: string): XUser | undefined {
  return byId.get(id);
}

/** Finds an account by name, ignoring case. */
export function findXUserByName(username: string): XUser | undefined {
  return byUsername.get(username.toLowerCase());
}

function userOf(id: string, profile: Profile): XUser {
  return { ...profile, id, seed: seedOf(id), firstDay: dayOf(profile.firstDay) };
}

function customer(id: string, username: string, name: string, percent: number, mentions: number) {
  return {
    ...strangerProfile(username),
    id,
    name,
    week: [percent, percent, percent, percent, percent, percent, percent],
    reach: 250,
    mentions,
  };
}

function strangerProfile(username: string): Profile {
  return {
    username,
    name: username,
    createdAt: '2020-05-05T10:00:00.000Z',
    description: '',
    location: '',
    url: null,
    followers: 150,
    following: 200,
    week: NOBODY,
    firstDay: '2024-11-20',
    reach: 0,
    mentions: 0,
  };
}
