#pragma once

#include <cstddef>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/base/clock.hpp"
#include "runtime/base/ids.hpp"
#include "runtime/store/journal.hpp"

namespace switchboard {

/// Whose an identity, a union id, a telephone or a mail address is, as far as the state does not
/// know it yet: claimed by a request whose person has still to record it, or recorded and not
/// projected. State and table together miss nothing, and the first claim wins
/// (docs/decisions/0033). Keys are opaque; an empty one is nobody's. Recorded rows are as many as
/// the journal's unprojected tail makes, which admission bounds; claims have a limit of their own.
/// Nothing here is durable: a start begins with a state that has it all. Thread-safe; every call is
/// memory alone.
class identity_claims {
 public:
  struct limits {
    /// A claim whose person never says a word about it ends after this.
    millis patience{60'000};
    /// Beyond so many the oldest ends.
    std::size_t claims = 100'000;
  };
  struct holder {
    person_id person;
    bool gone = false;  // has it no more
    bool operator==(const holder&) const = default;
  };
  struct picture {
    /// Of each key asked for, first come first.
    std::vector<std::vector<holder>> of;
    /// Whether `shown_as` can say anything.
    bool merges = false;
  };
  using keys = std::vector<std::string>;

  identity_claims() = default;
  explicit identity_claims(const limits& l) : limits_(l) {}

  picture look(const keys& asked) const;
  /// As whom somebody is shown (themselves, after an undone merge); nothing where the state knows.
  std::optional<person_id> shown_as(const person_id& person) const;

  /// Ends a look. True: a state that was at `state_at` before it was read, and what was looked up
  /// since, miss nothing, nobody else has come or gone under the keys, and those of them numbered
  /// in `free` are `who`'s from now on. False: somebody was quicker or the projector went on; look
  /// again, at a newer state.
  bool claim(const keys& asked, const picture& seen, const std::vector<std::size_t>& free,
             const person_id& who, store::position state_at, timestamp now);

  /// The person's own word: its record at `at` made this of the keys it had (both sorted).
  void recorded(const person_id& person, const keys& before, const keys& after, store::position at);
  /// Merged away or come back at `at`: shown as `as` from then on.
  void merged(const person_id& person, const person_id& as, store::position at);
  /// The person has heard what was claimed for it under these keys: what it did not record is no
  /// longer claimed.
  void settle(const person_id& person, const keys& heard);
  /// Nothing is claimed for the person any more: it is erased.
  void drop(const person_id& person);
  /// Everything up to here is in the state: the rows of so old records are forgotten, a few at each
  /// call.
  void projected(store::position upto);

  std::size_t claims() const;
  /// Rows of all kinds.
  std::size_t size() const;

 private:
  struct claim_mark {
    timestamp until;
    const std::string* key;  // lies in rows_ as long as the claim does
    person_id person;
  };
  using claim_list = std::list<claim_mark>;
  struct row {
    holder who;
    store::position at = 0;  // of the record; 0: a claim
    claim_list::iterator mark{};
  };
  struct merge {
    person_id as;
    store::position at = 0;
  };
  struct recorded_mark {
    store::position at = 0;
    std::string key;  // empty: a merge
    person_id person;
  };
  using row_map = std::unordered_map<std::string, std::vector<row>>;

  void put(const std::string& key, row r);
  void end_claim(claim_list::iterator at);
  void forget(store::position upto);
  std::vector<holder> holders(const std::string& key) const;

  const limits limits_;
  mutable std::mutex lock_;
  row_map rows_;
  std::unordered_map<person_id, merge> merges_;
  /// Oldest first: in the order in which they end, and nearly in that of their positions.
  claim_list claims_;
  std::deque<recorded_mark> recorded_;
  /// Rows up to here may be missing.
  store::position forgotten_upto_ = 0;
};

}  // namespace switchboard
