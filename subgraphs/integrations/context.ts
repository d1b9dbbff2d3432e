import type DataLoader from 'dataloader';
import type { Identity } from '#runtime/identity/identity.js';
import { type Account, AccountEntity } from './entities/account.js';
import { type Client, ClientEntity } from './entities/client.js';
import { type Connection, ConnectionEntity } from './entities/connection.js';
import type { Equipment } from './equipment.js';
import { accountsByClient } from './loaders/accounts-by-client.js';
import { accountsByConnection } from './loaders/accounts-by-connection.js';
import { type AskProvider, answersByProduct } from './loaders/answer-by-question.js';
import { AskedNow } from './loaders/asked-now.js';
import { type AccountHistoryProgress, historyByAccount } from './loaders/history-by-account.js';
import { ownRowById } from './loaders/own-row-by-id.js';
import { askRemembered } from './services/ask/remember-answers.js';
import { existing } from './services/clients/existing.js';
import { type HistoryReader, historyReader } from './services/history/read-history.js';

interface Loaders {
  connectionById: DataLoader<string, Connection | null>;
  accountById: DataLoader<string, Account | null>;
  clientById: DataLoader<string, Client | null>;
  accountsByConnection: DataLoader<string, Account[]>;
  accountsByClient: DataLoader<string, Account[]>;
  historyByAccount: DataLoader<string, AccountHistoryProgress | null>;
  /** Returns what the provider of an account knows. What one operation asks is asked together. */
  askProvider: AskProvider;
  /** The days that are copied already. */
  history: HistoryReader;
  /** What was asked of them in this operation. */
  askedNow: AskedNow;
}

/** What one operation carries. */
export interface Context extends Equipment, Loaders {
  identity: Identity;
  /** Goes on for the organization a connection was made in, so that the same answer can tell about it. */
  continueFor(connection: Connection): Connection;
}

function createLoaders(equipment: Equipment, organizationId: string | undefined): Loaders {
  const { database } = equipment;
  const connectionById = ownRowById(ConnectionEntity, database, organizationId);
  const askedNow = new AskedNow();
  const ask = answersByProduct(async (product, askings, connectionId) =>
    askRemembered(equipment, product, askings, existing(await connectionById.load(connectionId), 'connection')),
  );
  return {
    connectionById,
    accountById: ownRowById(AccountEntity, database, organizationId),
    clientById: ownRowById(ClientEntity, database, organizationId),
    accountsByConnection: accountsByConnection(database, organizationId),
    accountsByClient: accountsByClient(database, organizationId),
    historyByAccount: historyByAccount(database, organizationId, equipment.services.now),
    history: historyReader(database, organizationId, equipment.services.now),
    askProvider: (product, asking) => askedNow.note(asking.account.connectionId, ask(product, asking)),
    askedNow,
  };
}

export function createContext(equipment: Equipment, identity: Identity): Context {
  return {
    ...equipment,
    ...createLoaders(equipment, identity.organizationId),
    identity,
    continueFor(connection) {
      const { organizationId } = connection;
      Object.assign(this, createLoaders(equipment, organizationId));
      this.identity = { ...this.identity, organizationId };
      return connection;
    },
  };
}
