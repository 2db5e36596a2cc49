/** Who is in users.json and orders.json, with the passwords behind the hashes. */

const person = (id, username, password, role, orders) => ({
  id,
  username,
  password,
  role,
  orders: orders.split(' '),
});

/** The accounts whose passwords are in the brief: two users and an admin. */
export const ADA = person('u921', 'ada', 'violet-kettle-41', 'user', 'o3692 o6577 o7796');
export const BEN = person('u573', 'ben', 'quiet-harbour-27', 'user', 'o2075 o7159 o7188');
export const GRACE = person('u824', 'grace', 'copper-ladder-93', 'admin', 'o3174 o3911 o6403');

export const USERS = [
  ADA,
  BEN,
  person('u759', 'chloe', 'amber-garden-43', 'user', 'o1409 o5577'),
  person('u550', 'dario', 'brisk-orchard-61', 'user', 'o1742 o3101 o4521'),
  person('u571', 'elif', 'coral-feather-45', 'user', 'o3622 o6886 o9536'),
  person('u929', 'farah', 'dusty-needle-27', 'user', 'o5234 o8012'),
  person('u844', 'goran', 'early-engine-97', 'user', 'o4941 o7353'),
  person('u832', 'hanna', 'frosty-meadow-28', 'user', 'o1119 o2125 o6131'),
  person('u917', 'ivan', 'golden-desert-63', 'user', 'o3742 o3855 o3999'),
  person('u464', 'jonas', 'hollow-lantern-94', 'user', 'o1021 o4610 o9291'),
  person('u270', 'kemal', 'ivory-candle-18', 'user', 'o2833 o3558 o9298'),
  person('u352', 'lucia', 'jolly-jacket-92', 'user', 'o2722 o5762 o7882'),
  person('u103', 'mina', 'lunar-basket-43', 'user', 'o4886 o6937'),
  person('u910', 'noor', 'mellow-island-34', 'user', 'o3739 o7485'),
  person('u919', 'priya', 'olive-hammer-33', 'user', 'o2871 o3640 o8109'),
  person('u876', 'rosa', 'plain-pepper-16', 'user', 'o1373 o5054 o7816'),
];
export const ADMINS = [GRACE, person('u944', 'oskar', 'noble-anchor-16', 'admin', 'o5210 o8070 o8686')];
