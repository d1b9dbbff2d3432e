import { EntitySchema } from 'typeorm';

/** A person with an account: `User` in the API, a reserved word in SQL. */
export interface Person {
  id: string;
  name: string;
  /** Compared without case. */
  email: string;
  passwordHash: string;
  /** null = not verified. */
  emailVerifiedAt: Date | null;
  /** When the trial of the first organization they created began; null = they have created none. */
  trialBeganAt: Date | null;
  createdAt: Date;
}

export const PersonEntity = new EntitySchema<Person>({
  name: 'Person',
  tableName: 'person',
  columns: {
    id: { type: 'uuid', primary: true, generated: 'uuid' },
    name: { type: 'text' },
    email: { type: 'text' },
    passwordHash: { type: 'text', name: 'password_hash' },
    emailVerifiedAt: { type: 'timestamptz', name: 'email_verified_at', nullable: true },
    trialBeganAt: { type: 'timestamptz', name: 'trial_began_at', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
