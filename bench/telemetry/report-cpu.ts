/** Loaded into a server by the benchmark: replies to each message with the CPU time of the process so far. */
process.on('message', (message) => {
  if (message !== 'cpu') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.channel?.unref();
