import { EntitySchema } from 'typeorm';

/** A person with an account. `User` in the API; `user` is a reserved word in SQL. */
export interface Person {
  id: string;
  name: string;
  /** As it was given; compared without case. */
  email: string;
  passwordHash: string;
  /** When it was shown that mail to the address reaches them; null = not yet. */
  emailVerifiedAt: Date | null;
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
    createdAt: { type: 'timestamptz', name: 'created_at', createDate: true },
  },
});
