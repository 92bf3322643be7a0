#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "runtime/base/clock.hpp"

namespace switchboard::password {

struct attempt_options {
  /// So many failures are free; from then on each doubles the wait, from a second to `longest`.
  int free_of_account_at_address = 5;
  /// Of one address, whatever the account, and of one account, whatever the address: higher, so
  /// that neither an office behind one address nor somebody attacked from elsewhere is shut out
  /// easily.
  int free_of_address = 20;
  int free_of_account = 50;
  millis longest{15 * 60'000};
  /// Of an account as a whole: whoever comes from everywhere is slowed down, and whom it belongs to
  /// is not kept out for long where it never was before.
  millis longest_of_account{10'000};
  /// An address from which the account has logged in is known for so long.
  millis known_for{30LL * 24 * 3'600'000};
  /// Nothing tried for so long: forgotten.
  millis forgotten_after{60 * 60'000};
  std::size_t most_kept = 20'000;
};

/// Where a log-in comes from. `device`: of a known one (device_token.hpp), else empty.
struct attempt_origin {
  std::string_view account, address, device;
};

/// How often log-in was tried in vain. An attempt counts as failed until it is told to have
/// succeeded, so that many at once win nothing. Accounts that do not exist count alike. What others
/// fail at shuts out neither a known device nor the account where it has logged in before: each of
/// these counts its own failures alone. Bounded. Pure; not thread-safe.
class attempt_limit {
 public:
  explicit attempt_limit(attempt_options options = {}) : options_(options) {}

  /// 0: go on, and it counts. Else how long to wait; nothing is counted then.
  millis begin(const attempt_origin& from, timestamp now);
  /// It was the right password.
  void succeeded(const attempt_origin& from, timestamp now);
  /// It could not be checked, which is nobody's failure.
  void taken_back(const attempt_origin& from, timestamp now);
  /// By its device, or from where the account has logged in before.
  bool is_known(const attempt_origin& from, timestamp now) const;
  std::size_t kept() const { return rows_.size(); }

 private:
  struct row {
    int failures = 0;
    timestamp last{};
  };
  millis wait_of(const std::string& key, int free, millis longest, timestamp now);
  void count(const std::string& key, timestamp now);
  void lower(const std::string& key);

  attempt_options options_;
  std::unordered_map<std::string, row> rows_;
  std::unordered_map<std::string, timestamp> known_;  // account and address: the last log-in
};

}  // namespace switchboard::password
