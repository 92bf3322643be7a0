/// jemalloc reads this name when the process starts. Two cores need few arenas; memory that a burst
/// leaves behind goes back to the system within seconds, by a thread of its own, so that millions
/// of idle sessions are what they hold and no more.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:4,background_thread:true,dirty_decay_ms:2000,muzzy_decay_ms:0";
}
