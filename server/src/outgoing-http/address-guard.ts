import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Cidr = readonly [Address, number];

/** `::/96` held IPv4 addresses once (RFC 4291, 2.5.5.1), and `fec0::/10` private ones (RFC 3879); neither is on the internet. */
const deprecated: readonly Cidr[] = [ipaddr.parseCIDR('::/96'), ipaddr.parseCIDR('fec0::/10')];

/**
 * Which addresses outgoing requests may go to: those of the public internet, and the networks that the operator lists.
 * Everything else (loopback, private and link-local networks, the cloud's metadata service) is refused.
 */
export class AddressGuard {
  private readonly allowed: readonly Cidr[];

  /**
   * @param allow comma-separated networks, such as `10.1.0.0/16, ::1/128`
   * @throws an Error that names the entry which is no network
   */
  constructor(allow = '') {
    this.allowed = allow
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        if (!ipaddr.isValidCIDR(entry)) {
          throw new Error(
            `XFLOW_HTTP_ALLOW names "${entry}", which is no network. List networks in CIDR notation: 10.1.0.0/16 or 127.0.0.1/32.`,
          );
        }
        return ipaddr.parseCIDR(entry);
      });
  }

  /** @param address an IP address as text, without brackets */
  permits(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    // An IPv4 address that is mapped into IPv6 is judged as what it is.
    const ip = ipaddr.process(address);
    if (this.allowed.some((network) => isWithin(ip, network))) return true;
    return ip.range() === 'unicast' && !deprecated.some((network) => isWithin(ip, network));
  }
}

function isWithin(ip: Address, [network, bits]: Cidr): boolean {
  return ip.kind() === network.kind() && ip.match(network, bits);
}
