#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace switchboard {

/// With which folding an index was made, and how far that has come: kept beside the index, so that
/// one made under an earlier folding is made anew in steps, each of which may be the last before
/// the power goes. Pure.
class rebuild_mark {
 public:
  /// Takes up to so many rows out of the index; answers how many there were.
  using take_out = std::function<std::size_t()>;
  /// Indexes the records after the key `from`, up to so many; answers the last one's key, empty
  /// when there are no more.
  using put_in = std::function<std::string(const std::string& from)>;

  /// As `text()` wrote it; empty where nothing was written: an index of before there were marks.
  explicit rebuild_mark(std::string_view written);

  bool done() const { return phase_ == phase::done; }
  /// One step: first all rows go, in several, then those of the records come.
  void step(const take_out& clear, const put_in& build);
  std::string text() const;

 private:
  enum class phase : char { clearing = 'c', building = 'b', done = 'd' };
  phase phase_ = phase::clearing;
  std::string reached_;  // the key up to which records are indexed
};

}  // namespace switchboard
