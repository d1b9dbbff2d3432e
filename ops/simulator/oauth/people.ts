export interface Person {
  id: string;
  title: string;
  givenName: string;
  familyName: string;
  email: string;
  googleId: string;
  metaId: string;
  linkedinId: string;
  xId: string;
  /** Revokes consent at the first read of campaigns or figures. */
  revokesAfterConnect: boolean;
}

/** Who can give consent; the first is the default. */
export const people: readonly [Person, ...Person[]] = [
  {
    id: 'nora',
    title: 'Nora Lind, Northwind Agency',
    givenName: 'Nora',
    familyName: 'Lind',
    email: 'nora.lind@northwind.example',
    googleId: '108204512233445566771',
    metaId: '10229000111222333',
    linkedinId: 'yrZCpj2Z12',
    xId: '1346889436626259969',
    revokesAfterConnect: false,
  },
  {
    id: 'emil',
    title: 'Emil, empty-handed',
    givenName: 'Emil',
    familyName: 'Holm',
    email: 'emil.holm@empty.example',
    googleId: '108204512233445566772',
    metaId: '10229000111222444',
    linkedinId: 'kT9vNw3Q77',
    xId: '1346889436626259970',
    revokesAfterConnect: false,
  },
  {
    id: 'rita',
    title: 'Rita, revoked',
    givenName: 'Rita',
    familyName: 'Vale',
    email: 'rita.vale@flowers.example',
    googleId: '108204512233445566773',
    metaId: '10229000111222555',
    linkedinId: 'hB4sLx8R05',
    xId: '1346889436626259971',
    revokesAfterConnect: true,
  },
  {
    id: 'vera',
    title: 'Vera Stein, twenty of everything',
    givenName: 'Vera',
    familyName: 'Stein',
    email: 'vera.stein@stein.example',
    googleId: '108204512233445566774',
    metaId: '10229000111222666',
    linkedinId: 'pQ7mTz5W31',
    xId: '1346889436626259972',
    revokesAfterConnect: false,
  },
];

export function findPerson(id: string): Person | undefined {
  return people.find((person) => person.id === id);
}

/** Returns a person by id; throws when there is none. */
export function getPerson(id: string): Person {
  const person = findPerson(id);
  if (!person) throw new Error(`There is no simulated person ${id}`);
  return person;
}
