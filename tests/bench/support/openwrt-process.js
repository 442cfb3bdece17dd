// The simulated OpenWrt router in a process of its own, so that what it costs is the same for whoever asks it.
const { X509Certificate } = require('node:crypto');
const { OpenWrtSimulator } = require('../../../dist/lab');
const { aclFile } = require('../../../dist/provider/backends/openwrt/acl');
const { pinOf } = require('../../../dist/provider/backends/http/trust');

const [username, password, reloadDelay] = process.argv.slice(2);
const router = new OpenWrtSimulator({
  reloadDelay: Number(reloadDelay),
  accounts: [{ username, password, read: ['portforward'], write: ['portforward'] }],
  acl: {
    'unauthenticated.json': { unauthenticated: { read: { ubus: { session: ['access', 'login'] } } } },
    'portforward.json': JSON.parse(aclFile(['wan'], ['lan'])),
  },
});
const empty = router.byHand.text();

const answers = {
  /** As it came out of the box, nothing counted. */
  clear() {
    router.expireSessions();
    router.byHand.write(empty);
    router.device.firewall.reload();
    router.counters.reset();
    return {};
  },
  /** Calls by name since that was last asked, those that had an effect apart, and the firewall's file. */
  told() {
    const { all, calls } = router.counters;
    const applied = calls.filter(({ name, code }) => /^uci\.(apply|commit)$/.test(name) && code === 0).length;
    router.counters.reset();
    return { calls: all, applied, file: router.byHand.text() };
  },
};

router.start().then((url) => {
  process.send({ url, pin: pinOf(new X509Certificate(router.identity.cert)) });
  process.on('message', (op) => process.send(answers[op]()));
});
process.on('disconnect', () => process.exit(0));
