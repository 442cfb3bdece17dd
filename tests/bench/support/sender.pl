#!/usr/bin/perl
# Sends one datagram per flow, each from another address and port, as whole frames: the kernel's own work per new
# connection is then most of what is timed. Reads "<first> <count> <port>" a line, answers with the microseconds per
# packet of the median burst: bursts are short, so that most of them run without another process in between.
# Plain perl-base: its Socket module and nothing else.
use strict;
use warnings;
use Socket;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

my ($interface, $from, $to, $destination) = @ARGV;
my $mac = sub { pack 'H*', $_[0] =~ s/://gr };
my ($AF_PACKET, $ETH_P_IP) = (17, 0x0800);
socket(my $socket, $AF_PACKET, SOCK_RAW, 0) or die "socket: $!";
# struct sockaddr_ll of packet(7)
my $index = do { local @ARGV = ("/sys/class/net/$interface/ifindex"); <> + 0 };
bind($socket, pack('S n i S C C a8', $AF_PACKET, 0, $index, 0, 0, 0, '')) or die "bind: $!";
my $ethernet = $mac->($to) . $mac->($from) . pack('n', $ETH_P_IP);
my $target = inet_aton($destination);

sub checksum {
  my $sum = unpack '%32n*', shift;
  $sum = ($sum >> 16) + ($sum & 0xffff) while $sum >> 16;
  return ~$sum & 0xffff;
}

# Sources from 203.0.113.1 on, 60 000 ports each.
sub frame {
  my ($flow, $port) = @_;
  my $source = pack 'C4', 203, 0, 113, 1 + int($flow / 60_000);
  my @fields = (0x45, 0, 29, 0, 0, 64, 17);
  my $bare = pack('C C n n n C C n', @fields, 0) . $source . $target;
  my $header = pack('C C n n n C C n', @fields, checksum($bare)) . $source . $target;
  # A UDP checksum of 0 says that there is none (RFC 768).
  return $ethernet . $header . pack('n n n n a', 1024 + $flow % 60_000, $port, 9, 0, 'x');
}

my $BURST = 250;
$| = 1;
while (my $line = <STDIN>) {
  my ($first, $count, $port) = split ' ', $line;
  my @frames = map { frame($_, $port) } $first .. $first + $count - 1;
  my @costs;
  while (my @burst = splice @frames, 0, $BURST) {
    my $start = clock_gettime(CLOCK_MONOTONIC);
    for (@burst) { syswrite($socket, $_) // die "send: $!" }
    push @costs, (clock_gettime(CLOCK_MONOTONIC) - $start) * 1e6 / @burst;
  }
  @costs = sort { $a <=> $b } @costs;
  printf "%.4f\n", $costs[@costs / 2];
}
