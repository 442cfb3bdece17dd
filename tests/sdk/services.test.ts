import { checkRule } from '../../provider/rule/check';
import { type ServicePart, services } from '../../sdk/services';

const parts = Object.entries(services).flatMap(([id, { parts }]) => parts.map((part) => ({ id, part })));

const asRule = (id: string, part: ServicePart) => ({
  name: `${id}-${part.name}`,
  protocol: part.protocol,
  externalPort: part.ports,
  internalAddress: '192.168.50.10',
});

test('ids and part names are those that states hold already', () => {
  // Add lines here; a line that has to change would replace rules of users.
  expect(parts.map(({ id, part }) => `${id}-${part.name} ${part.protocol} ${part.ports}`)).toEqual([
    'web-https tcp 443',
    'web-http tcp 80',
    'web-http3 udp 443',
    'ssh-ssh tcp 22',
    'ftp-control tcp 21',
    'ftp-passive tcp 50000-50049',
    'remote-desktop-rdp tcp 3389',
    'remote-desktop-rdp-udp udp 3389',
    'wireguard-wireguard udp 51820',
    'minecraft-java tcp 25565',
    'minecraft-bedrock udp 19132',
    'rtsp-camera-rtsp tcp 554',
  ]);
});

test.each(parts)('$id, $part.name is a valid rule and says what is risky', ({ id, part }) => {
  expect(checkRule(asRule(id, part))).toEqual([]);
  expect(part.risk).toMatch(/^[A-Z].*\.$/);
});

test('every service has a title and something that it cannot do without', () => {
  for (const { title, parts } of Object.values(services)) {
    expect(title).not.toBe('');
    expect(parts.some(({ required }) => required)).toBe(true);
  }
});
