#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "adapters/center/center.hpp"

namespace switchboard::center {

/// The data every implementation is filled with before the contract is checked, as JSON Lines of
/// the import format.
struct contract_data {
  std::string members;
  std::string tags;
  std::string products;
  std::string orders;
};
const contract_data& data_of_the_contract();

/// Makes centers that hold the contract's data.
using center_maker = std::function<std::unique_ptr<center_set>()>;

/// What any center promises, embedded or over HTTP. An implementation instantiates it in its own
/// test:
///   INSTANTIATE_TEST_SUITE_P(embedded, center_contract, testing::Values(make_embedded));
class center_contract : public testing::TestWithParam<center_maker> {
 protected:
  void SetUp() override { centers_ = GetParam()(); }
  const center_set& centers() const { return *centers_; }

 private:
  std::unique_ptr<center_set> centers_;
};

}  // namespace switchboard::center
