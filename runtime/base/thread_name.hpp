#pragma once

#include <pthread.h>

namespace switchboard {

/// Names the calling thread, so that `top -H`, a debugger and the benchmark can tell what it does.
/// At most 15 characters count.
inline void name_this_thread(const char* name) {
  pthread_setname_np(pthread_self(), name);
}

}  // namespace switchboard
